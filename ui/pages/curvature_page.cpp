// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/curvature_page.h"

#include "ui/export/save_result.h"
#include "ui/workspace/run_looks.h"
#include "ui/workspace/workbench.h"

namespace ui {

CurvaturePage::CurvaturePage(const Workspace& workspace, QObject* parent)
    : Page(parent), workspace_(workspace), board_(new CurvatureBoard), options_(new CurvatureOptions) {
  connect(&workspace_.session, &Session::listChanged, this, &CurvaturePage::refresh);
  connect(&workspace_.session, &Session::runChanged, this, &CurvaturePage::refresh);
  connect(&workspace_.session, &Session::selectionChanged, this, &CurvaturePage::refresh);
  connect(&workspace_.theme, &Theme::changed, this, &CurvaturePage::recolour);
  connect(board_, &CurvatureBoard::selected, this, [this](const std::string& folder) { workspace_.session.select(folder); });
  const auto measure = [this] {
    if (const SessionRun* run = workspace_.session.selected(); run != nullptr && run->measurable()) workspace_.workbench.measureSpectrum(options_->spectrum()->spec(run->folder));
  };
  connect(board_, &CurvatureBoard::measureRequested, this, measure);
  connect(options_->spectrum(), &SpectrumForm::measureRequested, this, measure);
  connect(options_->spectrum(), &SpectrumForm::measureAllRequested, this, [this] {
    for (const SessionRun& run : workspace_.session.runs())
      if (run.measurable()) workspace_.workbench.measureSpectrum(options_->spectrum()->spec(run.folder));
  });
  connect(board_, &CurvatureBoard::exportRequested, this, [this] {
    if (const auto result = board_->exportable()) saveResult(board_, workspace_.workbench, *result, QStringLiteral("eigenvalues"), false);
  });
  recolour();
}

void CurvaturePage::recolour() {
  const Tokens& t = workspace_.theme.tokens();
  board_->setColours(chartColours(workspace_.theme.kind()), t.ok, t.warn);
  refresh();
}

void CurvaturePage::refresh() {
  board_->setRuns(workspace_.looks.boardRuns(workspace_.session));
  for (const SessionRun& run : workspace_.session.runs()) board_->setSpectrum(run.folder, run.parts);
  const SessionRun* selected = workspace_.session.selected();
  if (selected != nullptr) board_->select(selected->folder);
  options_->setRun(selected != nullptr && selected->measurable() ? selected->folder : std::string());
}

}  // namespace ui
