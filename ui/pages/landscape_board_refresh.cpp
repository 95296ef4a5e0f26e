// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <iterator>

#include "ui/pages/landscape_board.h"
#include "ui/pages/landscape_card.h"
#include "ui/pages/landscape_difference.h"
#include "ui/pages/landscape_legend.h"
#include "ui/pages/landscape_map.h"
#include "ui/pages/landscape_probe_card.h"
#include "ui/pages/landscape_section.h"
#include "ui/pages/landscape_text.h"
#include "ui/pages/landscape_tool_bar.h"
#include "ui/pages/landscape_views.h"
#include "ui/scenes/surface_view.h"

/// How LandscapeBoard brings what it knows into its parts.
namespace ui {
namespace {

QString number(double value, int digits = 3) { return QString::fromStdString(numberText(value, digits)); }

}  // namespace

void LandscapeBoard::refresh() {
  legend_->applyTo(model_);
  factors_.clear();
  for (const LandscapeEntry& entry : model_.entries) {
    const SurfaceSnapshot surface = model_.snapshotOf(entry);
    factors_[entry.folder] = {unitFactor(surface, 0, model_.units.x, model_.units.rise), unitFactor(surface, 1, model_.units.y, model_.units.rise)};
  }
  legend_->showScale(model_.scaleOf(model_.active), model_.levels);
  legend_->setBadges(legendBadges(model_));
  refreshCards();
  refreshMap();
  refreshProbe();
  tools_->showExportable(exportable() != nullptr);
  emit viewsChanged();
}

std::vector<CardChoice> LandscapeBoard::choices() const {
  std::vector<CardChoice> all;
  for (const LandscapeEntry& entry : model_.entries) {
    const BoardRun* run = runOf(entry.folder);
    all.push_back({.title = entry.name, .swatch = QIcon(run->swatch), .choice = {.folder = entry.folder}});
    if (entry.results.size() < 2) continue;
    for (const SharedSurface& result : entry.results)
      all.push_back({.title = QStringLiteral("    ") + surfaceTitle(*result), .swatch = {}, .choice = {.folder = entry.folder, .command = analysis::commandLine(*result)}});
  }
  return all;
}

void LandscapeBoard::refreshCards() {
  const std::vector<CardChoice> all = choices();
  for (int i = 0; i < views_->shown(); ++i) {
    views_->card(i)->setChoices(all);
    refreshCard(i);
  }
  if (!difference_->isVisibleTo(views_)) return;
  difference_->setChoices(all);
  const LandscapeEntry* entry = model_.find(difference_->a().folder);
  const SurfaceSnapshot surface = entry != nullptr ? model_.snapshotOf(difference_->a()) : SurfaceSnapshot{};
  const auto axis = [&](int i) {
    if (!surface) return ViewAxis{};
    return ViewAxis{.name = nameWithUnit(axisNameOf(*surface.grid, static_cast<std::size_t>(i)), model_.units.of(i), model_.units.rise), .factor = factorOf(*entry, i)};
  };
  difference_->show(model_, axis(0), axis(1));
}

void LandscapeBoard::refreshCard(int index) {
  const auto at = static_cast<std::size_t>(index);
  const ViewChoice& choice = model_.views[at];
  LandscapeCard* card = views_->card(index);
  const BoardRun* run = runOf(choice.folder);
  const SurfaceSnapshot surface = model_.snapshotOf(choice);
  const QString lacking = missingLayer(model_, at);
  CardText text = cardText(model_, at);
  text.name = run != nullptr ? run->name : QStringLiteral("no run");
  if (run != nullptr) {
    text.curvature = run->curvature;
    text.trace = run->trace;
    text.paused = paused_.contains(run->folder);
  }
  if (!surface || !lacking.isEmpty()) {
    QString sentence = run != nullptr ? run->waiting : QString(), action;
    if (run == nullptr) sentence = runs_.empty() ? QStringLiteral("Train a run first: its surface appears here, with contours, a probe and a section.") : QStringLiteral("Choose a run above, or train another one.");
    else if (!lacking.isEmpty()) sentence = lacking;
    else if (sentence.isEmpty()) sentence = QStringLiteral("A surface of the loss on a plane through this run's end, with contours, a probe and a section.");
    if (run != nullptr && run->measurable) action = lacking.isEmpty() ? QStringLiteral("Compute the surface") : QStringLiteral("Compute this layer");
    card->setText(text, run != nullptr ? run->swatch : QPixmap());
    card->showView(false, sentence, action);
    card->view()->clearSurface();
    return;
  }
  const LandscapeEntry& entry = *model_.find(choice.folder);
  const auto axis = [&](int i) {
    return ViewAxis{.name = nameWithUnit(axisNameOf(*surface.grid, static_cast<std::size_t>(i)), model_.units.of(i), model_.units.rise), .factor = factorOf(entry, i)};
  };
  SurfaceView* view = card->view();
  view->setAxes(axis(0), axis(1), model_.layer == SurfaceLayer::loss ? QStringLiteral("loss") : layerName(model_.layer, model_.test));
  view->setSurface(surface, model_.scaleOf(at), model_.levels);
  std::vector<SurfaceMark> marks;
  for (const analysis::TrajectoryPoint& mark : surface.grid->marks) {
    const BoardRun* other = runOf(mark.run);
    marks.push_back({.name = other != nullptr ? other->name : QString::fromStdString(mark.run).section(QLatin1Char('/'), -1), .colour = other != nullptr ? other->look.colour : QColor(), .at = {mark.x, mark.y}});
  }
  if (!marks.empty()) marks.insert(marks.begin(), {.name = run->name, .colour = run->look.colour, .at = {0, 0}});
  view->setMarks(marks);
  if (model_.views.size() > 1 || !marks.empty()) {
    const auto [words, meaning] = directionsOf(surface, model_.resultOf(choice));
    text.direction = words;
    text.directionTip = meaning;
  }
  text.notes = drawingNotes(view->field());
  if (surface.grid->stopped) text.notes = text.notes.isEmpty() ? QStringLiteral("stopped early") : QStringLiteral("stopped early \u00B7 ") + text.notes;
  const auto& [x, y] = factors_[entry.folder];
  for (const UnitFactor* factor : {&x, &y})
    if (!factor->problem.isEmpty()) text.notes = factor->problem + (text.notes.isEmpty() ? QString() : QStringLiteral(" \u00B7 ") + text.notes);
  card->setText(text, run->swatch);
  card->showView(true);
}

void LandscapeBoard::refreshMap() {
  const ViewChoice* view = model_.activeView();
  const BoardRun* run = view != nullptr ? runOf(view->folder) : nullptr;
  const SurfaceSnapshot surface = view != nullptr ? model_.snapshotOf(*view) : SurfaceSnapshot{};
  map_->setRun(run != nullptr ? run->name : QString(), run != nullptr ? run->swatch : QPixmap());
  if (!surface || surface.shown().empty() || surface.grid->rows() < 2) return map_->chart()->clear();
  const LandscapeEntry& entry = *model_.find(view->folder);
  const SurfaceStyle& style = tools_->look().style;
  MapPicture picture{.surface = surface, .scale = model_.scaleOf(model_.active), .levels = model_.levels, .contours = style.contours, .bands = style.bands};
  picture.xTitle = nameWithUnit(axisNameOf(*surface.grid, 0), model_.units.x, model_.units.rise);
  picture.yTitle = nameWithUnit(axisNameOf(*surface.grid, 1), model_.units.y, model_.units.rise);
  picture.xFactor = factorOf(entry, 0);
  picture.yFactor = factorOf(entry, 1);
  map_->chart()->show(picture);
}

void LandscapeBoard::refreshProbe() {
  const LandscapeEntry* active = model_.current();
  const std::optional<QPointF> probe = this->probe();
  const QPointF at = probe.value_or(QPointF(0, 0));
  const ViewLook& look = tools_->look();
  const int along = section_->axis();
  const std::optional<SectionLine> plane = look.section ? std::optional(SectionLine{.axis = along, .at = along == 0 ? at.y() : at.x()}) : std::nullopt;
  for (SurfaceView* view : views_->views()) {
    if (view != difference_->view()) view->setProbe(look.crossHair ? probe : std::nullopt);
    view->setSection(plane);
  }
  difference_->setProbe(look.crossHair ? probe : std::nullopt);
  map_->chart()->setProbe(look.crossHair ? probe : std::nullopt);
  std::vector<ProbeRow> rows;
  std::vector<SectionCurve> curves;
  for (std::size_t i = 0; i < model_.entries.size(); ++i) {
    const LandscapeEntry& entry = model_.entries[i];
    rows.push_back({.name = runs_[i].name, .swatch = QIcon(runs_[i].swatch), .reading = model_.reading(entry, at)});
    std::vector<SectionCurve> ofRun{{.name = runs_[i].name, .look = runs_[i].look, .points = model_.section(entry, along, at)}};
    if (moreCurves_) std::ranges::copy(moreCurves_(entry, along, at), std::back_inserter(ofRun));
    const double factor = factorOf(entry, along);
    for (SectionCurve& curve : ofRun) {
      for (QPointF& point : curve.points) point.rx() *= factor;
      curve.at = (along == 0 ? at.x() : at.y()) * factor;
      curves.push_back(std::move(curve));
    }
  }
  QString x = QStringLiteral("x"), y = QStringLiteral("y");
  QPointF inUnits = at;
  if (active != nullptr) {
    if (const SurfaceSnapshot surface = model_.snapshotOf(*active)) {
      x = nameWithUnit(axisNameOf(*surface.grid, 0), model_.units.x, model_.units.rise);
      y = nameWithUnit(axisNameOf(*surface.grid, 1), model_.units.y, model_.units.rise);
    }
    inUnits = {at.x() * factorOf(*active, 0), at.y() * factorOf(*active, 1)};
  }
  const bool field = model_.layer != SurfaceLayer::loss && model_.layer != SurfaceLayer::accuracy;
  const QString value = layerName(model_.layer, model_.test);
  probeCard_->show(std::move(rows), QStringLiteral("%1 %2   %3 %4%5").arg(x, number(inUnits.x()), y, number(inUnits.y()), probe ? QString() : QStringLiteral("   centre")), field ? value : QString());
  section_->show(curves, x, y, inUnits, model_.layer == SurfaceLayer::loss ? QStringLiteral("loss") : value, model_.kind != ScaleKind::linear);
}

}  // namespace ui
