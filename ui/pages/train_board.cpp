// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/train_board.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QSlider>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/charts/curves_chart.h"
#include "ui/pages/card.h"
#include "ui/pages/measure_fields.h"
#include "ui/scenes/height_scale.h"

namespace ui {
namespace {

enum Abscissa { byStep, byEpoch, bySeconds, byGradients };

double positionOf(const trainer::StepRecord& s, int abscissa) {
  switch (abscissa) {
    case byEpoch: return s.epoch;
    case bySeconds: return s.seconds;
    case byGradients: return static_cast<double>(s.gradientEvaluations);
    default: return static_cast<double>(s.step);
  }
}

/// Where an evaluation after `step` lies: at that step's record.
double positionOf(const SessionRun& run, std::int64_t step, int abscissa) {
  const auto& steps = run.record.stepRecords;
  if (step <= 0 || steps.empty()) return 0;
  const auto index = std::min<std::size_t>(static_cast<std::size_t>(step), steps.size()) - 1;
  return positionOf(steps[index], abscissa);
}

}  // namespace

TrainBoard::TrainBoard(const RunLooks& looks, QWidget* parent) : QWidget(parent), looks_(looks) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 0, 8, 8);
  column->setSpacing(8);
  column->addWidget(makeToolBar());
  auto* grid = new QGridLayout;
  grid->setSpacing(8);
  grid->addWidget(makeCard(QStringLiteral("Loss"), QStringLiteral("train, batch"), loss_, lossFigure_, lossNote_), 0, 0);
  grid->addWidget(makeCard(QStringLiteral("Accuracy"), QStringLiteral("test"), accuracy_, accuracyFigure_, accuracyNote_), 0, 1);
  grid->addWidget(makeCard(QStringLiteral("Gradient norm"), QStringLiteral("\u2016\u2207L(\u03B8)\u2016, batch"), gradient_, gradientFigure_, gradientNote_), 1, 0, 1, 2);
  grid->setRowStretch(0, 1);
  grid->setRowStretch(1, 1);
  column->addLayout(grid, 3);
  column->addWidget(makeTable(), 1);
}

QWidget* TrainBoard::makeToolBar() {
  auto* tools = new QWidget;
  tools->setFixedHeight(40);
  auto* row = new QHBoxLayout(tools);
  row->setContentsMargins(0, 4, 0, 4);
  row->setSpacing(8);
  stop_ = new QToolButton;
  stop_->setText(QStringLiteral("Stop"));
  stop_->setToolTip(QStringLiteral("Ends the training of this run; a checkpoint of where it is is kept"));
  stop_->setEnabled(false);
  swatch_ = new QLabel;
  name_ = new QLabel(QStringLiteral("Nothing is training"));
  steps_ = new QLabel;
  bar_ = new QProgressBar;
  bar_->setTextVisible(false);
  bar_->setFixedWidth(110);
  bar_->setRange(0, 1000);
  rate_ = new QLabel;
  axis_ = new QComboBox;
  axis_->addItems({QStringLiteral("step"), QStringLiteral("epoch"), QStringLiteral("seconds"), QStringLiteral("gradient evaluations")});
  axis_->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  axis_->setToolTip(QStringLiteral("The horizontal axis. Gradient evaluations compare at equal cost: SAM and the penalty need two a step."));
  smoothing_ = new QSlider(Qt::Horizontal);
  smoothing_->setRange(0, 98);
  smoothing_->setValue(85);
  smoothing_->setFixedWidth(80);
  smoothing_->setToolTip(QStringLiteral("Weight of the exponential mean, 0 to 0.98; the raw values stay visible behind it. Default: 0.85."));
  row->addWidget(stop_);
  row->addWidget(swatch_);
  row->addWidget(name_);
  row->addWidget(steps_);
  row->addWidget(bar_);
  row->addWidget(rate_);
  row->addStretch(1);
  row->addWidget(new QLabel(QStringLiteral("x")));
  row->addWidget(axis_);
  row->addWidget(new QLabel(QStringLiteral("smooth")));
  row->addWidget(smoothing_);
  connect(stop_, &QToolButton::clicked, this, [this] { emit stopRequested(liveFolder_); });
  connect(axis_, &QComboBox::currentIndexChanged, this, &TrainBoard::axisChanged);
  connect(smoothing_, &QSlider::valueChanged, this, &TrainBoard::axisChanged);
  return tools;
}

QWidget* TrainBoard::makeCard(const QString& title, const QString& subtitle, CurvesChart*& chart, QLabel*& figure, QLabel*& note) {
  auto* card = new QFrame;
  QVBoxLayout* column = ui::makeCard(card);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  note = hintLabel({});
  note->setWordWrap(false);
  figure = new QLabel;
  row->addWidget(new QLabel(QStringLiteral("<b>%1</b>&nbsp; %2").arg(title, subtitle)));
  row->addStretch(1);
  row->addWidget(note);
  row->addWidget(figure);
  chart = new CurvesChart;
  column->addWidget(chart, 1);
  return card;
}

QWidget* TrainBoard::makeTable() {
  model_ = new RunTableModel(this);
  table_ = new QTableView;
  table_->setModel(model_);
  table_->setShowGrid(false);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setIconSize({28, 16});
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(24);
  fitColumns(table_, RunTableModel::name);
  table_->setMinimumHeight(24 * 4 + 4);
  connect(table_, &QTableView::clicked, this, [this](const QModelIndex& index) { emit selected(model_->row(index.row()).folder.toStdString()); });
  return table_;
}

void TrainBoard::setColours(const ChartColours& colours) {
  for (CurvesChart* chart : {loss_, accuracy_, gradient_}) chart->setColours(colours);
}

void TrainBoard::show(const Session& session) {
  QStringList wanted{axis_->currentText(), QString::number(smoothing_->value())};
  std::vector<RunTableModel::Row> rows;
  for (const SessionRun& run : session.runs()) {
    wanted << QStringLiteral("%1 %2 %3 %4 %5 %6").arg(QString::fromStdString(run.folder), looks_.look(run).colour.name(), stateText(run.state))
                  .arg(run.record.stepRecords.size()).arg(run.record.evaluations.size()).arg(run.lookIndex);
    rows.push_back(runRow(run, looks_.swatch(run)));
  }
  if (wanted != drawn_) showCurves(session);
  drawn_ = wanted;
  model_->setRows(std::move(rows));
  const SessionRun* selected = session.selected();
  for (int i = 0; i < model_->rowCount(); ++i)
    if (selected != nullptr && model_->row(i).folder.toStdString() == selected->folder && table_->currentIndex().row() != i) table_->selectRow(i);
  showProgress(session);
}

void TrainBoard::showCurves(const Session& session) {
  const int abscissa = axis_->currentIndex();
  std::vector<RunCurve> loss, accuracy, gradient;
  for (const SessionRun& run : session.runs()) {
    RunCurve empty{.name = run.name, .look = looks_.look(run), .points = {}, .live = run.state == RunState::training};
    RunCurve l = empty, a = empty, g = empty;
    l.points.reserve(run.record.stepRecords.size());
    g.points.reserve(run.record.stepRecords.size());
    for (const trainer::StepRecord& s : run.record.stepRecords) {
      const double x = positionOf(s, abscissa);
      l.points.emplace_back(x, s.loss);
      g.points.emplace_back(x, s.gradientNorm);
    }
    for (const trainer::EvaluationRecord& e : run.record.evaluations)
      if (e.step > 0) a.points.emplace_back(positionOf(run, e.step, abscissa), 100 * e.testAccuracy);
    loss.push_back(std::move(l)), accuracy.push_back(std::move(a)), gradient.push_back(std::move(g));
  }
  const QString x = axis_->currentText();
  const double weight = smoothing_->value() / 100.0;
  loss_->show(std::move(loss), weight, true, x, QStringLiteral("loss"));
  accuracy_->show(std::move(accuracy), 0, false, x, QStringLiteral("test accuracy, %"));
  gradient_->show(std::move(gradient), weight, true, x, QStringLiteral("\u2016g\u2016"));
  const auto note = [](const CurvesChart* chart) { return chart->dropped() > 0 ? QStringLiteral("%1 values \u2264 0 not drawn").arg(chart->dropped()) : QString(); };
  lossNote_->setText(note(loss_));
  gradientNote_->setText(note(gradient_));
}

void TrainBoard::showProgress(const Session& session) {
  const SessionRun* live = nullptr;
  for (const SessionRun& run : session.runs())
    if (run.state == RunState::training) live = &run;
  liveFolder_ = live != nullptr ? live->folder : std::string();
  stop_->setEnabled(live != nullptr);
  swatch_->setVisible(live != nullptr);
  bar_->setVisible(live != nullptr);
  const SessionRun* shown = live != nullptr ? live : session.selected();
  if (live == nullptr) {
    name_->setText(session.runs().empty() ? QStringLiteral("No runs yet: set one up at the right and press Train") : QStringLiteral("Nothing is training"));
    steps_->clear();
    rate_->clear();
  } else {
    swatch_->setPixmap(looks_.swatch(*live));
    name_->setText(QStringLiteral("<b>%1</b>").arg(live->name.toHtmlEscaped()));
    steps_->setText(QStringLiteral("step %1 of %2").arg(grouped(live->record.steps), grouped(live->totalSteps)));
    bar_->setValue(live->totalSteps > 0 ? static_cast<int>(1000 * live->record.steps / live->totalSteps) : 0);
    const double rate = live->record.seconds > 0 ? static_cast<double>(live->record.steps) / live->record.seconds : 0;
    rate_->setText(rate > 0 ? QStringLiteral("%1 steps/s \u00B7 %2 s left").arg(rate, 0, 'f', 0).arg(static_cast<double>(live->totalSteps - live->record.steps) / rate, 0, 'f', 0)
                            : QString());
  }
  const auto number = [](double v) { return QStringLiteral("<b>%1</b>").arg(QString::fromStdString(numberText(v, 4))); };
  const bool steps = shown != nullptr && !shown->record.stepRecords.empty(), evaluated = shown != nullptr && !shown->record.evaluations.empty();
  lossFigure_->setText(steps ? number(shown->record.stepRecords.back().loss) : QString());
  gradientFigure_->setText(steps ? number(shown->record.stepRecords.back().gradientNorm) : QString());
  accuracyFigure_->setText(evaluated ? number(100 * shown->record.evaluations.back().testAccuracy) + QStringLiteral(" %") : QString());
}

}  // namespace ui
