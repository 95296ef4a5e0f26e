// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/example_strip.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/pages/measure_fields.h"

namespace ui {

ExampleStrip::ExampleStrip(const Session& session, Workbench& workbench, const Theme& theme, QWidget* parent)
    : QFrame(parent), session_(session), workbench_(workbench), theme_(theme) {
  setProperty("role", QStringLiteral("card"));
  setFixedHeight(56);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 4, 12, 4);
  row->setSpacing(16);
  auto* names = new QVBoxLayout;
  names->setSpacing(0);
  names->addWidget(new QLabel(QStringLiteral("<b>Example: three optimizers</b>")));
  names->addWidget(hintLabel(QStringLiteral("on 1,797 handwritten digits")));
  row->addLayout(names);
  training_ = addStage(row, QStringLiteral("Train SGD, SAM, penalty"));
  eigenvalues_ = addStage(row, QStringLiteral("Eigenvalues"));
  surfaces_ = addStage(row, QStringLiteral("Surfaces"));
  row->addStretch(1);
  auto* stop = new QPushButton(QStringLiteral("Stop"));
  stop->setToolTip(QStringLiteral("Stops the example; what is done is kept"));
  connect(stop, &QPushButton::clicked, &workbench_, &Workbench::stopExample);
  row->addWidget(stop);
  connect(&session_, &Session::runChanged, this, &ExampleStrip::refresh);
  connect(&workbench_, &Workbench::exampleChanged, this, &ExampleStrip::refresh);
  connect(&theme_, &Theme::changed, this, &ExampleStrip::refresh);
  refresh();
}

ExampleStrip::Stage ExampleStrip::addStage(QHBoxLayout* row, const QString& title) {
  Stage stage{new QLabel, new QLabel(QStringLiteral("<b>%1</b>").arg(title)), hintLabel({})};
  stage.note->setWordWrap(false);
  auto* column = new QVBoxLayout;
  column->setSpacing(0);
  auto* head = new QHBoxLayout;
  head->setSpacing(4);
  head->addWidget(stage.icon);
  head->addWidget(stage.title, 1);
  column->addLayout(head);
  column->addWidget(stage.note);
  row->addLayout(column);
  return stage;
}

void ExampleStrip::refresh() {
  setVisible(workbench_.exampleRunning());
  if (!workbench_.exampleRunning()) return;
  int trained = 0, measured = 0, sampled = 0, all = 0;
  QString now, points;
  for (const std::string& folder : workbench_.exampleFolders()) {
    const SessionRun* run = session_.find(folder);
    if (run == nullptr) continue;
    ++all;
    trained += run->measurable();
    measured += run->spectrum != nullptr;
    sampled += run->surface != nullptr;
    if (run->state == RunState::training) now = QStringLiteral("%1, %2 of %3").arg(run->name, grouped(run->record.steps), grouped(run->totalSteps));
    if (run->partialSurface) points = QStringLiteral("%1, %2 points").arg(run->name, grouped(run->partialSurface.grid->evaluations));
  }
  const auto show = [&](const Stage& stage, int done, const QString& detail) {
    const bool finished = done == all;
    const QColor colour = finished ? theme_.tokens().ok : detail.isEmpty() ? theme_.tokens().second : theme_.tokens().accent;
    stage.icon->setPixmap(theme_.icon(finished ? QStringLiteral("check") : detail.isEmpty() ? QStringLiteral("clock") : QStringLiteral("play"), colour).pixmap(14, 14));
    stage.note->setText(!detail.isEmpty() && !finished ? detail : QStringLiteral("%1 of %2").arg(done).arg(all));
  };
  show(training_, trained, now);
  show(eigenvalues_, measured, {});
  show(surfaces_, sampled, points);
}

}  // namespace ui
