// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_page.h"

#include <algorithm>

#include "ui/dialogs/export_dialog.h"
#include "ui/forms/form_state.h"
#include "ui/pages/landscape_oddities.h"
#include "ui/pages/landscape_views.h"
#include "ui/workspace/run_looks.h"
#include "ui/workspace/workbench.h"

namespace ui {

LandscapePage::LandscapePage(const Workspace& workspace, QObject* parent)
    : Page(parent), workspace_(workspace), board_(new LandscapeBoard), options_(new LandscapeOptions), explorer_(new LandscapeExplorer(workspace_, board_, options_, this)) {
  connect(&workspace_.session, &Session::listChanged, this, &LandscapePage::refresh);
  connect(&workspace_.session, &Session::runChanged, this, &LandscapePage::refresh);
  connect(&workspace_.session, &Session::selectionChanged, this, &LandscapePage::refresh);
  connect(&workspace_.theme, &Theme::changed, this, &LandscapePage::recolour);
  connect(&workspace_.jobs, &JobQueue::stateChanged, this, &LandscapePage::refreshJobs);
  join();
  recolour();
}

void LandscapePage::join() {
  new LandscapeOddities(workspace_, board_, this);
  connect(board_, &LandscapeBoard::selected, this, [this](const std::string& folder) { workspace_.session.select(folder); });
  connect(options_, &LandscapeOptions::previewRequested, this, [this] {
    const SessionRun* run = workspace_.session.selected();
    if (run == nullptr || !run->measurable()) return;
    const analysis::SurfaceSpec spec = options_->spec(run->folder);
    workspace_.workbench.previewAxes(spec, options_, [options = options_, spec](const analysis::AxesPreview& preview, const QString& failure) {
      if (failure.isEmpty()) options->showPreview(spec, preview);
      else options->showPreviewFailure(spec, failure);
    });
  });
  connect(board_, &LandscapeBoard::computeRequested, this, &LandscapePage::compute);
  connect(options_, &LandscapeOptions::computeRequested, this, [this] {
    const SessionRun* run = workspace_.session.selected();
    if (options_->mode() != "A") computeAll();
    else if (run != nullptr) compute(run->folder);
  });
  connect(options_, &LandscapeOptions::computeAllRequested, this, &LandscapePage::computeAll);
  connect(options_, &LandscapeOptions::modeChanged, this, [this] { board_->showPlanes(options_->mode()); });
  connect(&workspace_.session, &Session::baselineChanged, this, &LandscapePage::refresh);
  connect(options_, &LandscapeOptions::unitsChanged, this, [this] { board_->setUnits(options_->units()); });
  connect(board_, &LandscapeBoard::layerRequested, this, [this](const std::string& folder, const QString& field) {
    const LandscapeEntry* entry = board_->model().find(folder);
    const SharedSurface result = entry != nullptr ? entry->result : nullptr;
    analysis::SurfaceSpec spec = result ? result->spec : options_->spec(folder);
    spec.fields.push_back(field.toStdString());
    workspace_.workbench.sampleSurface(spec, result);
  });
  connect(board_, &LandscapeBoard::pauseRequested, this, [this](const std::string& folder, bool paused) {
    for (const JobInfo& job : workspace_.jobs.jobs())
      if (job.spec.kind == QStringLiteral("surface") && !isOver(job.state) && job.spec.run.toStdString() == folder) workspace_.jobs.setPaused(job.id, paused);
  });
  connect(board_, &LandscapeBoard::exportRequested, this, [this] {
    if (const SharedSurface result = board_->exportable()) (new ExportDialog(workspace_.workbench, result, board_->view(), board_))->show();
  });
}

QJsonObject LandscapePage::state() const {
  return {{QStringLiteral("form"), formState(options_)}, {QStringLiteral("board"), board_->state()}, {QStringLiteral("explore"), explorer_->state()}};
}

void LandscapePage::restoreState(const QJsonObject& state) {
  restoreForm(options_, state.value(QStringLiteral("form")).toObject());
  board_->restoreState(state.value(QStringLiteral("board")).toObject());
  explorer_->restoreState(state.value(QStringLiteral("explore")).toObject());
}

void LandscapePage::compute(const std::string& folder) {
  if (const SessionRun* run = workspace_.session.find(folder); run != nullptr && run->measurable()) workspace_.workbench.sampleSurface(options_->spec(folder));
}

/// One surface a run, or one for all of them, as the mode asks; the lane keeps their order.
void LandscapePage::computeAll() {
  if (!options_->problem().isEmpty()) return;
  std::vector<std::string> runs;
  for (const SessionRun& run : workspace_.session.runs())
    if (run.visible && run.measurable()) runs.push_back(run.folder);
  if (runs.size() < 2) {
    for (const std::string& run : runs) compute(run);
    return;
  }
  const analysis::MatchedPlanes planes = options_->planes();
  for (const analysis::MatchedPlane& plane : planes.surfaces) workspace_.workbench.sampleSurface(plane.spec);
  board_->showPlanes({});
  if (planes.surfaces.size() == 1) workspace_.session.select(planes.surfaces.front().run);
}

void LandscapePage::recolour() {
  board_->setColours(sceneColours(workspace_.theme.kind()), chartColours(workspace_.theme.kind()));
  board_->setIcons(workspace_.theme);
  explorer_->recolour();
  refresh();
}

void LandscapePage::refreshJobs() {
  std::set<std::string> paused;
  for (const JobInfo& job : workspace_.jobs.jobs())
    if (job.spec.kind == QStringLiteral("surface") && job.state == JobState::paused) paused.insert(job.spec.run.toStdString());
  board_->setPaused(paused);
}

void LandscapePage::refresh() {
  board_->setRuns(workspace_.looks.boardRuns(workspace_.session));
  bool news = false;
  for (const SessionRun& run : workspace_.session.runs()) {
    // A mesh costs milliseconds: only what is new is handed on.
    Shown& shown = shown_[run.folder];
    const std::shared_ptr<const void> surface = run.partialSurface ? std::shared_ptr<const void>(run.partialSurface.grid) : run.surface;
    const bool listed = board_->model().find(run.folder) != nullptr;
    if (!listed) shown = {};  // hidden: handed on again when it is seen
    if (!listed || (surface == shown.surface && run.slice == shown.slice && run.surfaces.size() == shown.results)) continue;
    shown = {.surface = surface, .slice = run.slice, .results = run.surfaces.size()};
    news = true;
    board_->setResults(run.folder, run.surfaces);
    board_->setSlice(run.folder, run.slice);
    if (run.partialSurface) {
      board_->setSurface(run.folder, run.partialSurface);
    } else if (run.surface) {
      // Of the result itself, so that picture and export are the same numbers.
      const std::shared_ptr<const analysis::SurfaceGrid> grid(run.surface, &run.surface->grid);
      board_->setSurface(run.folder, {.grid = grid, .stride = completeStride(*grid)}, run.surface);
    }
  }
  if (news) board_->refresh();
  const SessionRun* selected = workspace_.session.selected();
  if (selected != nullptr) board_->select(selected->folder);
  std::vector<std::pair<QString, std::string>> others;
  for (const SessionRun& run : workspace_.session.runs())
    if (run.measurable() && &run != selected) others.emplace_back(run.name, run.folder);
  if (others != others_) options_->setOthers(others_ = others);
  std::vector<std::pair<QString, std::string>> visible;
  for (const SessionRun& run : workspace_.session.runs())
    if (run.visible && run.measurable()) visible.emplace_back(run.name, run.folder);
  const SessionRun* baseline = workspace_.session.baseline();
  options_->setRuns(visible, baseline != nullptr ? baseline->folder : std::string());
  options_->setRun(selected != nullptr && selected->measurable() ? selected->folder : std::string(), selected != nullptr ? selected->trainSamples : 0,
                   selected != nullptr ? selected->testSamples : 0);
}

}  // namespace ui
