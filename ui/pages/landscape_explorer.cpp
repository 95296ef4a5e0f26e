// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_explorer.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QKeyEvent>
#include <QSaveFile>
#include <QVBoxLayout>
#include <QtConcurrent>
#include <algorithm>
#include <cmath>

#include "ui/pages/landscape_map.h"
#include "ui/pages/landscape_options.h"
#include "ui/pages/landscape_probe_card.h"
#include "ui/pages/landscape_views.h"
#include "ui/pages/measure_fields.h"
#include "ui/pages/pin_card.h"
#include "ui/scenes/surface_view.h"
#include "ui/workspace/run_looks.h"
#include "ui/workspace/workbench.h"

namespace ui {
namespace {

constexpr int kDrawEveryMilliseconds = 33;
constexpr double kStepOfRange = 1.0 / 64;  ///< an arrow key moves by this share of the axis

}  // namespace

std::string planeCommand(const analysis::SurfaceResult& result) {
  analysis::SurfaceResult plane{analysis::planeSpecOf(result.spec, result.grid), {}};
  plane.grid.samples = result.grid.samples, plane.grid.step = result.grid.step;
  return analysis::commandLine(plane);
}

LandscapeExplorer::LandscapeExplorer(const Workspace& workspace, LandscapeBoard* board, LandscapeOptions* options, QObject* parent)
    : QObject(parent), workspace_(workspace), board_(board), options_(options), pins_(new PinModel(this)), pinCard_(new PinCard(pins_)), probe_(new PlaneProbe(workspace.jobs, this)),
      follow_(new Follow(workspace.session, workspace.jobs, workspace.workbench.threadsPerLane(), this)), row_(new TrajectoryRow), bar_(new ExploreBar) {
  pins_->setRunLabel([this](const std::string& folder) {
    const SessionRun* run = workspace_.session.find(folder);
    return run != nullptr ? std::pair(run->name, QIcon(workspace_.looks.swatch(*run))) : std::pair(QString::fromStdString(folder).section(QLatin1Char('/'), -1), QIcon());
  });
  board_->probeCard()->column()->addWidget(pinCard_, 1);
  board_->column()->addWidget(row_);
  board_->column()->addWidget(bar_);
  board_->setMoreCurves([this](const LandscapeEntry& entry, int axis, QPointF through) { return modelCurves(entry, axis, through); });
  soon_.setSingleShot(true);
  soon_.setInterval(kDrawEveryMilliseconds);
  join();
  recolour();
  refresh();
}

void LandscapeExplorer::join() {
  connect(&soon_, &QTimer::timeout, this, &LandscapeExplorer::refreshTraces);
  connect(board_, &LandscapeBoard::viewsChanged, this, &LandscapeExplorer::refresh);
  connect(board_, &LandscapeBoard::pinned, this, &LandscapeExplorer::pin);
  connect(board_->views(), &LandscapeViews::probeDragged, this, &LandscapeExplorer::walkTo);
  connect(probe_, &PlaneProbe::walked, this, &LandscapeExplorer::walked);
  connect(probe_, &PlaneProbe::failed, &workspace_.workbench, &Workbench::failed);
  connect(follow_, &Follow::failed, &workspace_.workbench, &Workbench::failed);
  connect(follow_, &Follow::changed, this, &LandscapeExplorer::refreshBar);
  connect(pins_, &PinModel::pinsChanged, this, [this] { soon_.start(); });
  connect(pinCard_, &PinCard::exportRequested, this, [this] { writeText(QStringLiteral("pins.csv"), pinsCsv(pins_->pins(), [this](const std::string& run) { return pins_->runName(run); })); });
  connect(row_, &TrajectoryRow::moved, this, &LandscapeExplorer::scrubbed);
  connect(row_, &TrajectoryRow::computeRequested, this, [this] {
    const ViewChoice* view = board_->model().activeView();
    const SharedSurface result = view != nullptr ? board_->model().resultOf(*view) : nullptr;
    if (!result) return;
    analysis::SurfaceSpec spec = result->spec;
    spec.trajectory = true;
    addTo(spec, result);
  });
  connect(bar_, &ExploreBar::wishesChanged, this, [this] {
    asked_.clear();
    computeWished();
    board_->refreshProbe();
    refresh();
  });
  connect(bar_, &ExploreBar::walkCleared, this, [this] {
    walk_ = {};
    refresh();
  });
  connect(bar_, &ExploreBar::walkExportRequested, this, [this] { writeText(QStringLiteral("walk.csv"), walk_.csv()); });
  connect(bar_, &ExploreBar::continueRequested, this, [this] {
    const ViewChoice* view = board_->model().activeView();
    if (const SharedSurface result = view != nullptr ? board_->model().resultOf(*view) : nullptr) addTo(result->spec, result);
  });
  connect(bar_, &ExploreBar::cancelRequested, this, [this] {
    const ViewChoice* view = board_->model().activeView();
    for (const JobInfo& job : workspace_.jobs.jobs())
      if (view != nullptr && job.spec.kind == QStringLiteral("surface") && !isOver(job.state) && job.spec.run.toStdString() == view->folder) workspace_.jobs.cancel(job.id);
  });
  connect(&workspace_.jobs, &JobQueue::stateChanged, this, &LandscapeExplorer::refreshBar);
  const auto startFollow = [this](bool on) {
    const ViewChoice* view = board_->model().activeView();
    if (view == nullptr || view->folder.empty()) return;
    if (!on) return follow_->stop(view->folder);
    FollowSettings settings = bar_->followSettings();
    settings.spec = options_->spec(view->folder);
    follow_->start(view->folder, settings);
  };
  connect(bar_, &ExploreBar::followToggled, this, startFollow);
  connect(bar_, &ExploreBar::followSettingsChanged, this, [this, startFollow] {
    if (const ViewChoice* view = board_->model().activeView(); view != nullptr && follow_->following(view->folder)) startFollow(true);
  });
  connect(bar_, &ExploreBar::frameChosen, this, &LandscapeExplorer::showFrame);
  connect(bar_, &ExploreBar::framesExportRequested, this, [this] {
    QStringList files;
    if (const ViewChoice* view = board_->model().activeView())
      for (const FollowFrame& frame : follow_->frames(view->folder))
        for (const std::string& file : frame.files) files << QString::fromStdString(file);
    QApplication::clipboard()->setText(files.join(QLatin1Char('\n')));
  });
}

void LandscapeExplorer::recolour() {
  row_->setIcons(workspace_.theme);
  bar_->setIcons(workspace_.theme);
}

const ViewChoice* LandscapeExplorer::viewOf(const std::string& folder) const {
  const LandscapeModel& model = board_->model();
  if (const ViewChoice* active = model.activeView(); active != nullptr && active->folder == folder) return active;
  const auto found = std::ranges::find(model.views, folder, &ViewChoice::folder);
  return found == model.views.end() ? nullptr : &*found;
}

/// The points of the surface are kept; what the spec asks for besides is added, or what is missing.
void LandscapeExplorer::addTo(const analysis::SurfaceSpec& spec, const SharedSurface& known) {
  analysis::SurfaceSpec wanted = spec;
  wanted.measure.step = std::to_string(known->grid.step);
  workspace_.workbench.sampleSurface(wanted, known);
}

/// The SAM step of every surface that is seen and has none of this rho.
void LandscapeExplorer::computeWished() {
  const ExploreWishes wishes = bar_->wishes();
  if (!wishes.samStep) return;
  for (const ViewChoice& view : board_->model().views) {
    const SharedSurface result = board_->model().resultOf(view);
    if (!result || result->grid.stopped || (result->grid.samStep && result->spec.samRho == wishes.rho)) continue;
    const std::string command = analysis::commandLine(*result);
    if (std::exchange(asked_[view.folder], command) == command) continue;
    analysis::SurfaceSpec spec = result->spec;
    spec.samStep = true;
    spec.samRho = wishes.rho;
    addTo(spec, result);
  }
}

void LandscapeExplorer::pin(const std::string& folder, QPointF at) {
  const ViewChoice* view = viewOf(folder);
  if (view == nullptr) return;
  SurfaceSnapshot surface = board_->model().snapshotOf(*view);
  surface.test = false;
  if (!surface) return;
  const SharedSurface result = board_->model().resultOf(*view);
  const auto reading = readSurface(surface, at.x(), at.y());
  Pin pin{.label = nextLabel(pins_->pins()), .run = folder, .plane = result ? planeCommand(*result) : std::string(), .x = at.x(), .y = at.y(), .point = {}};
  pin.point = {.trainLoss = reading ? reading->loss : analysis::kUnknown, .trainAccuracy = reading ? reading->accuracy : analysis::kUnknown,
               .aboveCentre = reading ? reading->aboveCentre : analysis::kUnknown, .samples = surface.grid->samples, .testSamples = 0};
  if (!result) pin.origin = Pin::Origin::failed, pin.failure = QStringLiteral("its surface is still being computed");
  const std::int64_t id = pins_->add(std::move(pin));
  if (!result) return;
  const SessionRun* run = workspace_.session.find(folder);
  const bool whole = run != nullptr && run->record.trainItems > 0 && result->grid.samples >= run->record.trainItems;
  const bool more = bar_->wishes().allSamples && !whole && result->grid.split == "train";
  probe_->evaluate(result, at, {.samples = more ? std::optional<std::int64_t>(0) : std::nullopt, .test = true, .gradientNorm = true},
                   [this, id](const analysis::PlanePoint& point, const QString& failure) { pins_->answer(id, point, failure); });
}

void LandscapeExplorer::walkTo(int view, QPointF at) {
  const LandscapeModel& model = board_->model();
  if (view < 0 || static_cast<std::size_t>(view) >= model.views.size()) return;
  const ViewChoice& choice = model.views[static_cast<std::size_t>(view)];
  const SharedSurface result = model.resultOf(choice);
  if (!result) return bar_->showNote(QStringLiteral("A walk begins when the surface is there."));
  const std::string command = planeCommand(*result);
  if (walk_.plane != command || walk_.run != choice.folder) walk_ = {.run = choice.folder, .plane = command, .samples = 0, .points = {}};
  walkPlane_ = result;
  probe_->walk(result, at, bar_->wishes().walkSamples);
}

void LandscapeExplorer::walked(QPointF at, const analysis::PlanePoint& point) {
  if (!walk_.points.empty() && walk_.samples != point.samples) walk_.points.clear();  // another N is another loss
  walk_.samples = point.samples;
  walk_.points.push_back({at, point.trainLoss, point.trainAccuracy});
  const double rate = probe_->walkRate();
  bar_->showNote(QStringLiteral("walk: loss %1, accuracy %2 %, computed on N %3 \u00B7 %4 points%5")
                     .arg(QString::fromStdString(numberText(point.trainLoss, 6))).arg(100 * point.trainAccuracy, 0, 'f', 2).arg(grouped(point.samples)).arg(walk_.points.size())
                     .arg(rate > 0 ? QStringLiteral(", %1 a second").arg(rate, 0, 'f', 0) : QString()));
  bar_->showWalk(true);
  if (!soon_.isActive()) soon_.start();
}

void LandscapeExplorer::scrubbed(int at) {
  const ViewChoice* view = board_->model().activeView();
  if (view == nullptr) return;
  const auto path = ownPath(*view);
  if (at < 0 || static_cast<std::size_t>(at) >= path.size()) return;
  const std::int64_t step = path[static_cast<std::size_t>(at)]->step;
  scrubs_[view->folder] = step;
  workspace_.session.setCursor(TimeCursor{.run = view->folder, .step = step});
  refreshTraces();
}

void LandscapeExplorer::showFrame(int frame) {
  const ViewChoice* view = board_->model().activeView();
  if (view == nullptr) return;
  const auto& frames = follow_->frames(view->folder);
  if (frame < 0 || static_cast<std::size_t>(frame) >= frames.size()) return;
  if (static_cast<std::size_t>(frame) + 1 == frames.size()) frames_.erase(view->folder);
  else frames_[view->folder] = frame;
  const FollowFrame shown = frames[static_cast<std::size_t>(frame)];
  workspace_.session.setCursor(TimeCursor{.run = view->folder, .step = shown.step});
  workspace_.session.update(view->folder, [&](SessionRun& run) {
    if (shown.surface) run.surface = shown.surface;
    if (shown.section) run.slice = shown.section;
    if (shown.spectrum) run.add(shown.spectrum);
  });
}

void LandscapeExplorer::writeText(const QString& suggestion, const QString& text) {
  auto* dialog = new QFileDialog(board_, QStringLiteral("Export"), suggestion, QStringLiteral("CSV table (*.csv)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(QStringLiteral("csv"));
  connect(dialog, &QFileDialog::fileSelected, &workspace_.workbench, [workbench = &workspace_.workbench, text](const QString& name) {
    QtConcurrent::run([name, text]() -> QString {
      QSaveFile file(name);
      if (file.open(QIODevice::WriteOnly) && file.write(text.toUtf8()) >= 0 && file.commit()) return {};
      return QStringLiteral("'%1' could not be written: %2").arg(name, file.errorString());
    }).then(workbench, [workbench, name](const QString& error) {
      if (error.isEmpty()) emit workbench->noted(QStringLiteral("Wrote %1").arg(name));
      else emit workbench->failed(error);
    });
  });
  dialog->open();
}

QJsonObject LandscapeExplorer::state() const {
  QJsonObject scrubs;
  for (const auto& [folder, step] : scrubs_) scrubs[QString::fromStdString(folder)] = qint64(step);
  return {{QStringLiteral("pins"), pinsToJson(pins_->pins())}, {QStringLiteral("walk"), walk_.toJson()}, {QStringLiteral("scrubber"), scrubs}, {QStringLiteral("show"), bar_->wishes().toJson()},
          {QStringLiteral("follow"), bar_->followSettings().toJson()}};
}

void LandscapeExplorer::restoreState(const QJsonObject& state) {
  if (state.isEmpty()) return;
  pins_->setPins(pinsFromJson(state[QStringLiteral("pins")].toArray()));
  walk_ = WalkPath::fromJson(state[QStringLiteral("walk")].toObject());
  scrubs_.clear();
  const QJsonObject scrubs = state[QStringLiteral("scrubber")].toObject();
  for (auto at = scrubs.begin(); at != scrubs.end(); ++at) scrubs_[at.key().toStdString()] = at.value().toInteger();
  FollowSettings settings;
  settings.take(state[QStringLiteral("follow")].toObject());
  bar_->setFollowSettings(settings);
  ExploreWishes wishes;
  wishes.take(state[QStringLiteral("show")].toObject());
  bar_->setWishes(wishes);
  refresh();
}

/// Arrow keys on a view walk; the view itself has no use for them.
bool LandscapeExplorer::eventFilter(QObject* watched, QEvent* event) {
  auto* view = qobject_cast<SurfaceView*>(watched);
  if (view == nullptr || event->type() != QEvent::KeyPress || !view->surface()) return QObject::eventFilter(watched, event);
  const int key = static_cast<QKeyEvent*>(event)->key();
  const analysis::SurfaceGrid& grid = *view->surface().grid;
  const double dx = (grid.x.back() - grid.x.front()) * kStepOfRange, dy = (grid.y.back() - grid.y.front()) * kStepOfRange;
  QPointF at = board_->probe().value_or(QPointF(0, 0));
  if (key == Qt::Key_Left) at.rx() -= dx;
  else if (key == Qt::Key_Right) at.rx() += dx;
  else if (key == Qt::Key_Down) at.ry() -= dy;
  else if (key == Qt::Key_Up) at.ry() += dy;
  else return QObject::eventFilter(watched, event);
  at = {std::clamp(at.x(), grid.x.front(), grid.x.back()), std::clamp(at.y(), grid.y.front(), grid.y.back())};
  board_->putProbe(at);
  for (int i = 0; i < board_->views()->shown(); ++i)
    if (board_->views()->view(i) == view) walkTo(i, at);
  return true;
}

}  // namespace ui
