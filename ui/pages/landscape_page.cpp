// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_page.h"

#include "ui/export/save_result.h"
#include "ui/workspace/run_looks.h"
#include "ui/workspace/workbench.h"

namespace ui {

LandscapePage::LandscapePage(const Workspace& workspace, QObject* parent)
    : Page(parent), workspace_(workspace), board_(new LandscapeBoard), options_(new LandscapeOptions) {
  connect(&workspace_.session, &Session::listChanged, this, &LandscapePage::refresh);
  connect(&workspace_.session, &Session::runChanged, this, &LandscapePage::refresh);
  connect(&workspace_.session, &Session::selectionChanged, this, &LandscapePage::refresh);
  connect(&workspace_.theme, &Theme::changed, this, &LandscapePage::recolour);
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
  const auto compute = [this] {
    if (const SessionRun* run = workspace_.session.selected(); run != nullptr && run->measurable()) workspace_.workbench.sampleSurface(options_->spec(run->folder));
  };
  connect(board_, &LandscapeBoard::computeRequested, this, compute);
  connect(options_, &LandscapeOptions::computeRequested, this, compute);
  connect(options_, &LandscapeOptions::computeAllRequested, this, [this] {
    for (const SessionRun& run : workspace_.session.runs())
      if (run.measurable()) workspace_.workbench.sampleSurface(options_->spec(run.folder));
  });
  connect(board_, &LandscapeBoard::exportRequested, this, [this] {
    if (const auto result = board_->exportable()) saveResult(board_, workspace_.workbench, *result, result->grid.slice ? QStringLiteral("slice") : QStringLiteral("surface"), true);
  });
  recolour();
}

void LandscapePage::recolour() {
  board_->setColours(sceneColours(workspace_.theme.kind()), chartColours(workspace_.theme.kind()));
  refresh();
}

void LandscapePage::refresh() {
  board_->setRuns(workspace_.looks.boardRuns(workspace_.session));
  for (const SessionRun& run : workspace_.session.runs()) {
    // A mesh costs milliseconds: only what is new is handed on.
    Shown& shown = shown_[run.folder];
    const std::shared_ptr<const void> surface = run.partialSurface ? std::shared_ptr<const void>(run.partialSurface.grid) : run.surface;
    if (surface != shown.surface) {
      shown.surface = surface;
      if (run.partialSurface) {
        board_->setSurface(run.folder, run.partialSurface);
      } else if (run.surface) {
        // Of the result itself, so that picture and export are the same numbers.
        const std::shared_ptr<const analysis::SurfaceGrid> grid(run.surface, &run.surface->grid);
        board_->setSurface(run.folder, {.grid = grid, .stride = completeStride(*grid)}, run.surface);
      }
    }
    if (run.slice != shown.slice) {
      shown.slice = run.slice;
      board_->setSlice(run.folder, run.slice);
    }
  }
  const SessionRun* selected = workspace_.session.selected();
  if (selected != nullptr) board_->select(selected->folder);
  std::vector<std::pair<QString, std::string>> others;
  for (const SessionRun& run : workspace_.session.runs())
    if (run.measurable() && &run != selected) others.emplace_back(run.name, run.folder);
  if (others != others_) options_->setOthers(others_ = others);
  options_->setRun(selected != nullptr && selected->measurable() ? selected->folder : std::string(), selected != nullptr ? selected->trainSamples : 0,
                   selected != nullptr ? selected->testSamples : 0);
}

}  // namespace ui
