// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_board.h"

#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>

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
#include "ui/theme/theme.h"

namespace ui {
namespace {

constexpr double kSnapCells = 0.2;  ///< a pointer this near to a grid point, in cells, reads the computed value there

}  // namespace

LandscapeBoard::LandscapeBoard(QWidget* parent) : QWidget(parent), column_(new QVBoxLayout(this)) {
  build();
  connectTools();
  connectViews();
  legend_->applyTo(model_);
  takeLook();
  assignRuns();
  refresh();
}

void LandscapeBoard::build() {
  column_->setContentsMargins(8, 0, 8, 8);
  column_->setSpacing(4);
  tools_ = new LandscapeToolBar;
  column_->addWidget(tools_);
  auto* splitter = new QSplitter(Qt::Vertical);
  splitter->setChildrenCollapsible(false);
  auto* top = new QWidget;
  auto* topColumn = new QVBoxLayout(top);
  topColumn->setContentsMargins(0, 0, 0, 0);
  topColumn->setSpacing(4);
  views_ = new LandscapeViews;
  difference_ = new LandscapeDifference;
  views_->setExtra(difference_, difference_->view());
  legend_ = new LandscapeLegend;
  topColumn->addWidget(views_, 1);
  topColumn->addWidget(legend_);
  splitter->addWidget(top);
  auto* bottom = new QSplitter(Qt::Horizontal);
  bottom->setChildrenCollapsible(false);
  map_ = new LandscapeMap;
  section_ = new LandscapeSection;
  probeCard_ = new LandscapeProbeCard;
  for (QWidget* part : {static_cast<QWidget*>(map_), static_cast<QWidget*>(section_), static_cast<QWidget*>(probeCard_)}) bottom->addWidget(part);
  bottom->setSizes({250, 300, 310});
  splitter->addWidget(bottom);
  splitter->setStretchFactor(0, 3);
  splitter->setStretchFactor(1, 2);
  splitter->setSizes({1000, 640});
  column_->addWidget(splitter, 1);
}

void LandscapeBoard::connectTools() {
  tools_->showCount(views_->count());
  tools_->showLinked(views_->linked());
  connect(tools_, &LandscapeToolBar::countChosen, this, [this](int count) {
    layoutChosen_ = true;
    views_->setCount(count);
  });
  connect(tools_, &LandscapeToolBar::linkedChosen, views_, &LandscapeViews::setLinked);
  connect(tools_, &LandscapeToolBar::cameraChosen, this, [this](const OrbitCamera& camera) { views_->setOrbit(views_->orbit().movedTo(camera)); });
  connect(tools_, &LandscapeToolBar::resetRequested, this, [this] { views_->setOrbit(OrbitCamera::iso()); });
  connect(tools_, &LandscapeToolBar::parallelChosen, this, [this](bool parallel) {
    OrbitCamera camera = views_->orbit();
    camera.parallel = parallel;
    views_->setOrbit(camera);
  });
  connect(tools_, &LandscapeToolBar::lookChanged, this, &LandscapeBoard::takeLook);
  connect(tools_, &LandscapeToolBar::differenceChosen, this, &LandscapeBoard::showDifference);
  connect(tools_, &LandscapeToolBar::exportRequested, this, &LandscapeBoard::exportRequested);
  connect(legend_, &LandscapeLegend::changed, this, &LandscapeBoard::refresh);
  connect(section_, &LandscapeSection::axisChanged, this, &LandscapeBoard::refreshProbe);
  connect(difference_, &LandscapeDifference::changed, this, &LandscapeBoard::refresh);
}

void LandscapeBoard::connectViews() {
  connect(views_, &LandscapeViews::countChanged, this, [this](int count) {
    tools_->showCount(count);
    assignRuns();
    refresh();
  });
  connect(views_, &LandscapeViews::linkedChanged, tools_, &LandscapeToolBar::showLinked);
  connect(views_, &LandscapeViews::activeChanged, this, [this](int index) {
    model_.active = static_cast<std::size_t>(index);
    refresh();
    if (const ViewChoice* view = model_.activeView(); view != nullptr && !view->folder.empty()) emit selected(view->folder);
  });
  connect(views_, &LandscapeViews::cameraChanged, this, [this] { tools_->showParallel(views_->orbit().parallel); });
  connect(views_, &LandscapeViews::chosen, this, &LandscapeBoard::choose);
  connect(views_, &LandscapeViews::probed, this, &LandscapeBoard::hover);
  connect(views_, &LandscapeViews::probeLeft, this, [this] { setProbe(std::nullopt); });
  connect(views_, &LandscapeViews::probeDragged, this, [this](int, QPointF at) { putProbe(at); });
  connect(views_, &LandscapeViews::pinned, this, [this](int view, QPointF at) {
    putProbe(at);
    emit pinned(model_.views[static_cast<std::size_t>(view)].folder, at);
  });
  connect(views_, &LandscapeViews::computeRequested, this, [this](int index) {
    const ViewChoice& view = model_.views[static_cast<std::size_t>(index)];
    if (missingLayer(model_, static_cast<std::size_t>(index)).isEmpty()) emit computeRequested(view.folder);
    else emit layerRequested(view.folder, QString::fromStdString(fieldOfLayer(model_.layer)));
  });
  connect(views_, &LandscapeViews::pauseRequested, this, [this](int index, bool paused) { emit pauseRequested(model_.views[static_cast<std::size_t>(index)].folder, paused); });
  connect(map_->chart(), &MapChart::probeDragged, this, &LandscapeBoard::putProbe);
  connect(map_->chart(), &MapChart::pinned, this, [this](QPointF at) {
    putProbe(at);
    if (const ViewChoice* view = model_.activeView()) emit pinned(view->folder, at);
  });
}

LandscapeProbeModel* LandscapeBoard::probeModel() const { return probeCard_->model(); }
SurfaceView* LandscapeBoard::view() const { return views_->view(views_->active()); }

const BoardRun* LandscapeBoard::runOf(const std::string& folder) const {
  const auto found = std::ranges::find(runs_, folder, &BoardRun::folder);
  return found == runs_.end() ? nullptr : &*found;
}

void LandscapeBoard::setRuns(const std::vector<BoardRun>& runs) {
  if (runs == runs_) return;
  const bool restored = std::ranges::all_of(wanted_, [this](const ViewChoice& view) { return view.folder.empty() || runOf(view.folder) != nullptr; });
  if (restored) wanted_.clear();
  const bool otherCount = runs.size() != runs_.size();
  std::vector<LandscapeEntry> entries;
  for (const BoardRun& run : runs) {
    const LandscapeEntry* known = model_.find(run.folder);
    entries.push_back(known != nullptr ? *known : LandscapeEntry{.folder = run.folder, .name = {}, .surface = {}, .slice = nullptr, .result = nullptr});
    entries.back().name = run.name;
  }
  runs_ = runs;
  model_.entries = std::move(entries);
  if (!layoutChosen_ && wanted_.empty() && otherCount) views_->setCount(static_cast<int>(runs_.size()));
  assignRuns();
  refresh();
}

void LandscapeBoard::assignRuns() {
  model_.views.resize(static_cast<std::size_t>(views_->shown()));
  for (std::size_t i = 0; i < std::min(wanted_.size(), model_.views.size()); ++i)
    if (runOf(wanted_[i].folder) != nullptr) model_.views[i] = wanted_[i];
  for (ViewChoice& view : model_.views)
    if (runOf(view.folder) == nullptr) view = {};
  for (ViewChoice& view : model_.views) {
    if (!view.folder.empty()) continue;
    const auto free = std::ranges::find_if(runs_, [&](const BoardRun& run) { return std::ranges::find(model_.views, run.folder, &ViewChoice::folder) == model_.views.end(); });
    if (free != runs_.end()) view.folder = free->folder;
  }
  model_.active = static_cast<std::size_t>(views_->active());
}

void LandscapeBoard::choose(int view, const ViewChoice& choice) {
  ViewChoice& here = model_.views[static_cast<std::size_t>(view)];
  if (here == choice) return;
  if (choice.command.empty() && here.folder != choice.folder) {  // a run that another view shows changes places with it
    const auto other = std::ranges::find(model_.views, choice);
    if (other != model_.views.end()) std::swap(*other, here);
  }
  here = choice;
  wanted_.clear();
  refresh();
  emit selected(choice.folder);
}

void LandscapeBoard::select(const std::string& folder) {
  if (runOf(folder) == nullptr) return;
  const ViewChoice* now = model_.activeView();
  if (now != nullptr && now->folder == folder) return;
  const auto shown = std::ranges::find(model_.views, folder, &ViewChoice::folder);
  if (shown != model_.views.end()) return views_->setActive(static_cast<int>(shown - model_.views.begin()));
  choose(views_->active(), {.folder = folder});
}

void LandscapeBoard::setSurface(const std::string& folder, const SurfaceSnapshot& surface, SharedSurface result) {
  LandscapeEntry* entry = model_.find(folder);
  if (entry == nullptr) return;
  entry->surface = surface;
  entry->result = std::move(result);
}

void LandscapeBoard::setResults(const std::string& folder, std::vector<SharedSurface> results) {
  if (LandscapeEntry* entry = model_.find(folder)) entry->results = std::move(results);
}

void LandscapeBoard::setSlice(const std::string& folder, SharedSurface slice) {
  if (LandscapeEntry* entry = model_.find(folder)) entry->slice = std::move(slice);
}

void LandscapeBoard::setPaused(const std::set<std::string>& folders) {
  if (folders == paused_) return;
  paused_ = folders;
  refresh();
}

void LandscapeBoard::setUnits(const AxisUnits& units) {
  if (units == model_.units) return;
  model_.units = units;
  refresh();
}

void LandscapeBoard::setColours(const SceneColours& scene, const ChartColours& charts) {
  views_->setColours(scene);
  section_->chart()->setColours(charts);
  map_->chart()->setColours(charts);
}

void LandscapeBoard::setIcons(const Theme& theme) {
  tools_->setIcons(theme);
  views_->setPauseIcons(theme.icon(QStringLiteral("pause")), theme.icon(QStringLiteral("play")));
  map_->setIcon(theme.icon(QStringLiteral("reset")));
}

SharedSurface LandscapeBoard::exportable() const {
  const ViewChoice* view = model_.activeView();
  const LandscapeEntry* entry = model_.current();
  if (entry == nullptr) return nullptr;
  const SharedSurface result = model_.resultOf(*view);
  return result ? result : entry->slice;
}

void LandscapeBoard::takeLook() {
  views_->setStyle(tools_->look().style);
  legend_->showBar(tools_->look().bar);
  refresh();
}

void LandscapeBoard::showDifference(bool shown) {
  if (shown) {
    difference_->setChoices(choices());
    const ViewChoice a = model_.activeView() != nullptr ? *model_.activeView() : ViewChoice{};
    const auto other = std::ranges::find_if(model_.views, [&](const ViewChoice& v) { return !(v == a) && !v.folder.empty(); });
    if (difference_->a() == difference_->b() && other != model_.views.end()) difference_->choose(a, *other);
  }
  tools_->showDifference(shown);
  views_->showExtra(shown);
}

void LandscapeBoard::showPlanes(const std::string& mode) {
  for (ViewChoice& view : model_.views) {
    const LandscapeEntry* entry = model_.find(view.folder);
    if (entry == nullptr) continue;
    if (mode.empty()) view.command.clear();
    const auto found = std::find_if(entry->results.rbegin(), entry->results.rend(), [&](const SharedSurface& result) { return directionsOf(result).first.startsWith(QString::fromStdString(mode)); });
    if (!mode.empty() && found != entry->results.rend()) view.command = analysis::commandLine(**found);
  }
  refresh();
}

void LandscapeBoard::hover(int view, QPointF at) {
  const SurfaceSnapshot surface = model_.snapshotOf(model_.views[static_cast<std::size_t>(view)]);
  if (!surface) return;
  const auto reading = readSurface(surface, at.x(), at.y(), kSnapCells);
  setProbe(reading ? QPointF(reading->x, reading->y) : at);
}

void LandscapeBoard::setProbe(std::optional<QPointF> at) {
  if (probe_ == at) return;
  probe_ = at;
  refreshProbe();
  emit probeChanged();
}

void LandscapeBoard::putProbe(std::optional<QPointF> at) {
  probe_.reset();
  put_ = at;
  refreshProbe();
  emit probeChanged();
}

double LandscapeBoard::factorOf(const LandscapeEntry& entry, int axis) const {
  const auto found = factors_.find(entry.folder);
  if (found == factors_.end()) return 1;
  return axis == 0 ? found->second.first.factor : found->second.second.factor;
}

}  // namespace ui
