// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/train_page.h"

#include <QTimer>

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
  connect(board_, &TrainBoard::axisChanged, this, later);
  const auto recolour = [this] {
    board_->setColours(chartColours(workspace_.theme.kind()));
    refresh();
  };
  connect(&workspace_.theme, &Theme::changed, this, recolour);
  connect(board_, &TrainBoard::selected, this, [this](const std::string& folder) { workspace_.session.select(folder); });
  connect(board_, &TrainBoard::stopRequested, this, [this](const std::string& folder) {
    for (const JobInfo& job : workspace_.jobs.jobs())
      if (job.spec.run.toStdString() == folder && job.spec.kind == QStringLiteral("train")) workspace_.jobs.cancel(job.id);
  });
  connect(options_, &RunForm::trainRequested, this, [this] {
    if (options_->problem().isEmpty()) workspace_.session.select(workspace_.workbench.train(options_->spec()));  // the menu asks at any time
  });
  recolour();
}

void TrainPage::refresh() { board_->show(workspace_.session); }

}  // namespace ui
