// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/train_page.h"

#include <QJsonDocument>
#include <QTimer>
#include <nlohmann/json.hpp>

#include "trainer/base/error.h"
#include "ui/forms/form_state.h"
#include "ui/forms/run_cost.h"
#include "ui/pages/adjust_panel.h"
#include "ui/workspace/workbench.h"

namespace ui {

TrainPage::TrainPage(const Workspace& workspace, QObject* parent)
    : Page(parent), workspace_(workspace), board_(new TrainBoard(workspace.looks)), options_(new RunForm) {
  // Several changes in one turn of the event loop are drawn once.
  auto* soon = new QTimer(this);
  soon->setSingleShot(true);
  soon->setInterval(0);
  connect(soon, &QTimer::timeout, this, &TrainPage::refresh);
  const auto later = [soon] { soon->start(); };
  connect(&workspace_.session, &Session::listChanged, this, later);
  connect(&workspace_.session, &Session::runChanged, this, later);
  connect(&workspace_.session, &Session::selectionChanged, this, later);
  connect(&workspace_.session, &Session::cursorChanged, this, later);
  connect(&workspace_.jobs, &JobQueue::stateChanged, this, later);
  connect(options_, &RunForm::validityChanged, this, later);
  connect(board_->toolBar(), &TrainToolBar::axisChanged, this, later);
  connect(board_, &TrainBoard::measureChanged, this, later);
  const auto recolour = [this] {
    board_->setColours(chartColours(workspace_.theme.kind()));
    board_->toolBar()->setIcons(workspace_.theme);
    refresh();
  };
  connect(&workspace_.theme, &Theme::changed, this, recolour);
  connect(board_, &TrainBoard::selected, this, [this](const std::string& folder) { workspace_.session.select(folder); });
  options_->setCost([this](const trainer::RunSpec& spec) { return costText(costOf(spec, workspace_.session.runs(), workspace_.workbench.threadsPerLane())); });
  connect(options_, &RunForm::trainRequested, this, [this] {
    if (options_->problem().isEmpty()) workspace_.session.select(workspace_.workbench.train(options_->spec()));  // the menu asks at any time
  });
  joinToolBar();
  recolour();
}

void TrainPage::joinToolBar() {
  TrainToolBar* tools = board_->toolBar();
  connect(tools, &TrainToolBar::startRequested, options_, &RunForm::trainRequested);
  connect(tools, &TrainToolBar::pauseRequested, this, [this](const std::string& folder, bool paused) {
    if (const std::int64_t job = workspace_.workbench.trainingJob(folder); job != 0) workspace_.jobs.setPaused(job, paused);
  });
  connect(tools, &TrainToolBar::stopRequested, this, [this](const std::string& folder) {
    if (const std::int64_t job = workspace_.workbench.trainingJob(folder); job != 0) workspace_.jobs.cancel(job);
  });
  connect(tools, &TrainToolBar::resumeRequested, this, [this](const std::string& folder) { workspace_.workbench.resume(folder); });
  connect(tools, &TrainToolBar::adjustRequested, this, [this](const std::string& folder, const std::string& name, double value) {
    if (const QString problem = workspace_.workbench.adjust(folder, name, value); !problem.isEmpty()) board_->toolBar()->adjustPanel()->showProblem(problem);
  });
}

TrainStatus TrainPage::status() const {
  TrainStatus status{.problem = options_->problem()};
  for (const JobInfo& job : workspace_.jobs.jobs()) {
    if (job.spec.kind != QStringLiteral("train") || isOver(job.state) || !job.started) continue;
    status.live = workspace_.session.find(job.spec.run.toStdString());
    status.paused = job.state == JobState::paused;
    if (!status.paused) break;
  }
  const SessionRun* selected = workspace_.session.selected();
  if (selected != nullptr && selected->state == RunState::stopped) status.stopped = selected;
  return status;
}

QJsonObject TrainPage::state() const {
  const std::string spec = trainer::toJson(options_->spec()).dump();
  return {{QStringLiteral("form"), QJsonDocument::fromJson(QByteArray::fromStdString(spec)).object()},
          {QStringLiteral("curves"), formState(board_->toolBar())},
          {QStringLiteral("measure"), QString::fromStdString(board_->measure())}};
}

void TrainPage::restoreState(const QJsonObject& state) {
  if (const QJsonObject form = state.value(QStringLiteral("form")).toObject(); !form.isEmpty()) {
    try {
      options_->setSpec(trainer::toRunSpec(nlohmann::json::parse(QJsonDocument(form).toJson().toStdString()), "the form of the session"));
    } catch (const trainer::Error&) {  // a flag of another version: the form stays as it is
    }
  }
  restoreForm(board_->toolBar(), state.value(QStringLiteral("curves")).toObject());
  if (const QString measure = state.value(QStringLiteral("measure")).toString(); !measure.isEmpty()) board_->setMeasure(measure.toStdString());
  refresh();
}

void TrainPage::refresh() {
  board_->show(workspace_.session, status());
  options_->refreshCost();
}

}  // namespace ui
