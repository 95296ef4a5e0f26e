// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "ui/pages/landscape_explorer.h"
#include "ui/pages/landscape_map.h"
#include "ui/pages/landscape_views.h"
#include "ui/pages/measure_fields.h"
#include "ui/scenes/surface_view.h"
#include "ui/workspace/run_looks.h"
#include "ui/workspace/workbench.h"

/// How LandscapeExplorer draws what it knows.
namespace ui {
namespace {

constexpr int kModelPoints = 65;
const CurveLook kPlain{.colour = QColor(Qt::transparent), .dashes = {}, .marker = CurveLook::Marker::circle};  ///< of what has no checkpoints
const QColor kPerturbation(0xFF, 0xFF, 0xFF), kGradient(0xA9, 0xB2, 0xBD), kPerturbed(0xE3, 0xE6, 0xEA);

std::string lastPart(const std::string& folder) { return folder.substr(folder.find_last_of('/') + 1); }

/// Points of one run, in order of steps.
std::vector<const analysis::TrajectoryPoint*> pathOf(const analysis::SurfaceGrid& grid, const std::string& folder) {
  std::vector<const analysis::TrajectoryPoint*> path;
  for (const analysis::TrajectoryPoint& p : grid.trajectory)
    if (p.run == folder || lastPart(p.run) == lastPart(folder)) path.push_back(&p);
  return path;
}

SurfaceTraces::Arrow arrowOf(const analysis::SamStep& step, const analysis::PlaneVector& v) {
  SurfaceTraces::Arrow arrow{.label = {}, .to = {v.x, v.y}, .trueLoss = {}, .colour = v.name == "gradient" ? kGradient : kPerturbed};
  const QString share = QStringLiteral("%1 % in the plane").arg(100 * v.inPlane, 0, 'g', 2);
  if (v.name == "perturbation") {
    arrow.trueLoss = step.perturbedLoss;
    arrow.colour = kPerturbation;
    arrow.label = QStringLiteral("SAM \u03C1 %1, %2").arg(step.rho).arg(share);
  } else if (step.alpha != 1) {
    arrow.label = QStringLiteral("%1, %2").arg(QString::fromStdString(v.name), share);
  }
  return arrow;
}

}  // namespace

std::vector<const analysis::TrajectoryPoint*> LandscapeExplorer::ownPath(const ViewChoice& view) const {
  const SurfaceSnapshot surface = board_->model().snapshotOf(view);
  return surface ? pathOf(*surface.grid, view.folder) : std::vector<const analysis::TrajectoryPoint*>();
}

SurfaceTraces LandscapeExplorer::tracesOf(const ViewChoice& view) const {
  SurfaceTraces out;
  const LandscapeModel& model = board_->model();
  const SurfaceSnapshot surface = model.snapshotOf(view);
  if (!surface) return out;
  const analysis::SurfaceGrid& grid = *surface.grid;
  const SharedSurface result = model.resultOf(view);
  const std::string command = result ? planeCommand(*result) : std::string();
  const ExploreWishes wishes = bar_->wishes();
  out.losses = surface.layer == SurfaceLayer::loss && !surface.test;
  const auto upTo = scrubs_.find(view.folder);
  if (wishes.path)
    for (const BoardRun& run : board_->runs()) {
      SurfaceTraces::Path path{.points = {}, .colour = run.look.colour};
      for (const analysis::TrajectoryPoint* p : pathOf(grid, run.folder)) {
        path.points.push_back(*p);
        path.upTo += upTo == scrubs_.end() || p->step <= upTo->second;
      }
      if (!path.points.empty()) out.paths.push_back(std::move(path));
    }
  for (const Pin& pin : pins_->pins())
    if (pin.run == view.folder && pin.plane == command) out.pins.push_back({.label = pin.label, .at = {pin.x, pin.y}, .loss = pin.point.trainLoss, .computed = pin.origin == Pin::Origin::computed});
  if (walk_.run == view.folder && walk_.plane == command && !command.empty())
    for (const WalkPath::Point& p : walk_.points) out.walk.push_back(p.at), out.walkLosses.push_back(p.loss);
  if (wishes.samStep && grid.samStep)
    for (const analysis::PlaneVector& v : grid.samStep->vectors) out.arrows.push_back(arrowOf(*grid.samStep, v));
  if (wishes.model)
    if (const analysis::QuadraticAnswer answer = analysis::quadraticModel(grid); answer.model && answer.model->overPlane()) out.model = answer.model;
  return out;
}

std::vector<SectionCurve> LandscapeExplorer::modelCurves(const LandscapeEntry& entry, int axis, QPointF through) const {
  const LandscapeModel& model = board_->model();
  const SurfaceSnapshot surface = model.snapshotOf(entry);
  if (!bar_->wishes().model || !surface || surface.test || surface.layer != SurfaceLayer::loss) return {};
  const analysis::QuadraticAnswer answer = analysis::quadraticModel(*surface.grid);
  if (!answer.model) return {};
  const auto run = std::ranges::find(board_->runs(), entry.folder, &BoardRun::folder);
  const QColor colour = run != board_->runs().end() ? run->look.colour : QColor(Qt::gray);
  SectionCurve curve{.name = entry.name + QStringLiteral(" \u00BD\u03BBa\u00B2"), .look = {.colour = colour, .dashes = {2, 3}, .marker = CurveLook::Marker::circle}, .points = {}};
  const std::vector<double>& along = axis == 0 ? surface.grid->x : surface.grid->y;
  for (int i = 0; i < kModelPoints; ++i) {
    const double a = along.front() + (along.back() - along.front()) * i / (kModelPoints - 1);
    const double value = axis == 0 ? answer.model->value(a, through.y()) : answer.model->value(through.x(), a);
    if (std::isfinite(value)) curve.points.emplace_back(a, value);
  }
  if (curve.points.empty()) return {};
  return {curve};
}

QString LandscapeExplorer::curvatureAt(const SessionRun& run, std::int64_t step) const {
  const trainer::CurvatureRecord* nearest = nullptr;
  for (const trainer::CurvatureRecord& c : run.record.curvature)
    if (c.step <= step && std::isfinite(c.lambdaMax)) nearest = &c;
  if (nearest != nullptr)
    return QStringLiteral("\u03BB max <b>%1</b>%2").arg(QString::fromStdString(numberText(nearest->lambdaMax, 4)), nearest->step == step ? QString() : QStringLiteral(" (step %1)").arg(grouped(nearest->step)));
  return run.record.curvature.empty() ? QStringLiteral("\u03BB max was not tracked") : QStringLiteral("no \u03BB max up to here");
}

void LandscapeExplorer::refresh() {
  for (SurfaceView* view : board_->views()->views()) view->installEventFilter(this);
  computeWished();
  refreshTraces();
  refreshRow();
  refreshBar();
}

void LandscapeExplorer::refreshTraces() {
  const LandscapeModel& model = board_->model();
  for (int i = 0; i < board_->views()->shown() && static_cast<std::size_t>(i) < model.views.size(); ++i) board_->views()->view(i)->setTraces(tracesOf(model.views[static_cast<std::size_t>(i)]));
  std::vector<MapPath> paths;
  std::vector<MapPin> pins;
  if (const ViewChoice* active = model.activeView()) {
    const SurfaceTraces traces = tracesOf(*active);
    for (const SurfaceTraces::Path& path : traces.paths) {
      const auto run = std::ranges::find_if(board_->runs(), [&](const BoardRun& r) { return r.look.colour == path.colour; });
      MapPath& out = paths.emplace_back(MapPath{.points = {}, .look = run->look, .upTo = path.upTo});
      for (const analysis::TrajectoryPoint& p : path.points) out.points.emplace_back(p.x, p.y);
    }
    if (!traces.walk.empty()) paths.push_back({.points = traces.walk, .look = kPlain, .upTo = traces.walk.size()});
    for (const SurfaceTraces::Arrow& arrow : traces.arrows) paths.push_back({.points = {{0, 0}, arrow.to}, .look = kPlain, .upTo = 2});
    for (const SurfaceTraces::Pin& pin : traces.pins) pins.push_back({.label = pin.label, .at = pin.at});
  }
  board_->map()->chart()->setPaths(paths);
  board_->map()->chart()->setPins(pins);
  bar_->showWalk(!walk_.points.empty());
}

void LandscapeExplorer::refreshRow() {
  const LandscapeModel& model = board_->model();
  const ViewChoice* view = model.activeView();
  const SessionRun* run = view != nullptr ? workspace_.session.find(view->folder) : nullptr;
  if (run == nullptr || !model.snapshotOf(*view)) return row_->showEmpty(QStringLiteral("The path of a run's checkpoints appears here when its surface is there."), false);
  const auto path = ownPath(*view);
  const SharedSurface result = model.resultOf(*view);
  if (path.empty()) {
    const QString sentence = result ? QStringLiteral("No path of %1's checkpoints over this surface yet.").arg(run->name) : QStringLiteral("The path comes when the surface is there.");
    return row_->showEmpty(sentence, result && !result->grid.stopped && !result->grid.slice);
  }
  std::vector<TrajectoryStop> stops;
  int at = static_cast<int>(path.size()) - 1;
  const auto scrub = scrubs_.find(view->folder);
  for (std::size_t i = 0; i < path.size(); ++i) {
    stops.push_back({.step = path[i]->step, .loss = path[i]->loss, .planeLoss = path[i]->planeLoss, .distance = path[i]->distance, .curvature = curvatureAt(*run, path[i]->step)});
    if (scrub != scrubs_.end() && path[i]->step == scrub->second) at = static_cast<int>(i);
  }
  row_->show(stops, at, std::max(run->record.steps, path.back()->step));
}

void LandscapeExplorer::refreshBar() {
  const LandscapeModel& model = board_->model();
  const ViewChoice* view = model.activeView();
  const SessionRun* run = view != nullptr ? workspace_.session.find(view->folder) : nullptr;
  const SharedSurface result = view != nullptr ? model.resultOf(*view) : nullptr;
  bool running = false;
  for (const JobInfo& job : workspace_.jobs.jobs())
    running = running || (view != nullptr && job.spec.kind == QStringLiteral("surface") && !isOver(job.state) && job.spec.run.toStdString() == view->folder);
  bar_->showSurfaceJob(running, result && result->grid.stopped);
  const bool possible = run != nullptr && (run->state == RunState::training || run->state == RunState::waiting || run->elsewhere);
  const std::string folder = view != nullptr ? view->folder : std::string();
  const int frames = static_cast<int>(follow_->frames(folder).size());
  const auto shown = frames_.find(folder);
  bar_->showFollow(possible, follow_->following(folder), follow_->status(folder), frames, shown != frames_.end() ? std::min(shown->second, frames - 1) : frames - 1);
  const ExploreWishes wishes = bar_->wishes();
  QStringList notes;
  if (view != nullptr && model.snapshotOf(*view)) {
    const analysis::SurfaceGrid& grid = *model.snapshotOf(*view).grid;
    if (wishes.model) {
      const analysis::QuadraticAnswer answer = analysis::quadraticModel(grid);
      if (!answer.why.empty()) notes << QString::fromStdString(answer.why);
      if (answer.model && answer.model->lambdaX) notes << QStringLiteral("\u03BBx %1, residual %2").arg(QString::fromStdString(numberText(*answer.model->lambdaX, 4)), QString::number(answer.model->residualX, 'g', 2));
      if (answer.model && answer.model->lambdaY) notes << QStringLiteral("\u03BBy %1, residual %2").arg(QString::fromStdString(numberText(*answer.model->lambdaY, 4)), QString::number(answer.model->residualY, 'g', 2));
    }
    if (wishes.samStep && grid.samStep)
      notes << QStringLiteral("SAM step: %1 % in the plane, loss %2 there, %3 by first order, plane %4")
                   .arg(100 * grid.samStep->vectors.front().inPlane, 0, 'g', 3)
                   .arg(QString::fromStdString(numberText(grid.samStep->perturbedLoss, 4)), QString::fromStdString(numberText(grid.samStep->predicted, 4)), QString::fromStdString(numberText(grid.samStep->planeLoss, 4)));
  }
  if (!notes.isEmpty() || walk_.points.empty()) bar_->showNote(notes.join(QStringLiteral(" \u00B7 ")));
}

}  // namespace ui
