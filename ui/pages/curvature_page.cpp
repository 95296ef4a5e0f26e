// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/curvature_page.h"

#include "ui/export/save_result.h"
#include "ui/forms/form_state.h"
#include "ui/pages/sharpness_view.h"
#include "ui/pages/spectrum_view.h"
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
  connect(board_, &CurvatureBoard::viewChanged, options_, &QStackedWidget::setCurrentIndex);
  connect(board_, &CurvatureBoard::measureRequested, this, [this] { emit options_->current()->measureRequested(); });
  offer(options_->spectrum(), [this](const std::string& folder) { workspace_.workbench.measureSpectrum(options_->spectrum()->spec(folder)); });
  offer(options_->sharpness(), [this](const std::string& folder) { workspace_.workbench.measureSharpness(options_->sharpness()->spec(folder)); });
  offer(options_->invariance(), [this](const std::string& folder) { workspace_.workbench.measureInvariance(options_->invariance()->spec(folder)); });
  connect(board_, &CurvatureBoard::checkRequested, this, [this] {
    const SessionRun* run = workspace_.session.selected();
    if (run != nullptr && run->measurable()) workspace_.workbench.checkRun({.measure = options_->spectrum()->spec(run->folder).measure, .with = {}});
  });
  connect(board_, &CurvatureBoard::exportRequested, this, [this] {
    if (const auto result = board_->exportable()) saveResult(board_, workspace_.workbench, *result, QStringList{QStringLiteral("spectrum"), QStringLiteral("sharpness"), QStringLiteral("invariance")}[board_->view()]);
  });
  recolour();
}

void CurvaturePage::offer(MeasureForm* form, const std::function<void(const std::string&)>& measure) {
  connect(form, &MeasureForm::measureRequested, this, [this, form, measure] {
    const SessionRun* run = workspace_.session.selected();
    if (run != nullptr && run->measurable() && form->problem().isEmpty()) measure(run->folder);
  });
  connect(form, &MeasureForm::measureAllRequested, this, [this, measure] {
    for (const SessionRun& run : workspace_.session.runs())
      if (run.measurable()) measure(run.folder);
  });
}

QJsonObject CurvaturePage::state() const {
  return {{QStringLiteral("view"), board_->view()},
          {QStringLiteral("spectrum"), formState(options_->spectrum())},
          {QStringLiteral("sharpness"), formState(options_->sharpness())},
          {QStringLiteral("invariance"), formState(options_->invariance())},
          {QStringLiteral("density"), formState(board_->spectrum()->density())},
          {QStringLiteral("curve"), formState(board_->sharpness())}};
}

void CurvaturePage::restoreState(const QJsonObject& state) {
  const auto part = [&state](const char* name) { return state.value(QLatin1String(name)).toObject(); };
  restoreForm(options_->spectrum(), part("spectrum"));
  restoreForm(options_->sharpness(), part("sharpness"));
  restoreForm(options_->invariance(), part("invariance"));
  restoreForm(board_->spectrum()->density(), part("density"));
  restoreForm(board_->sharpness(), part("curve"));
  if (const int view = state.value(QStringLiteral("view")).toInt(-1); view >= 0 && view < options_->count()) board_->setView(view);
}

void CurvaturePage::recolour() {
  const Tokens& t = workspace_.theme.tokens();
  board_->setColours(chartColours(workspace_.theme.kind()), t);
  refresh();
}

void CurvaturePage::refresh() {
  board_->setRuns(workspace_.looks.boardRuns(workspace_.session));
  std::vector<std::pair<QString, std::string>> others;
  for (const SessionRun& run : workspace_.session.runs()) {
    board_->setSpectrum(run.folder, run.parts);
    board_->setSharpness(run.folder, run.sharpness);
    board_->setInvariance(run.folder, run.invariance);
    board_->setCheck(run.folder, run.check);
    if (run.measurable()) others.emplace_back(run.name, run.folder);
  }
  options_->invariance()->setOthers(others);
  const SessionRun* selected = workspace_.session.selected();
  if (selected != nullptr) board_->select(selected->folder);
  options_->setRun(selected != nullptr && selected->measurable() ? selected->folder : std::string());
}

}  // namespace ui
