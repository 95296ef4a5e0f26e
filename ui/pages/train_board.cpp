// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/train_board.h"

#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>
#include <cmath>

#include "ui/charts/curves_chart.h"
#include "ui/pages/card.h"
#include "ui/pages/measure_fields.h"
#include "ui/scenes/height_scale.h"

namespace ui {
namespace {

QString figure(double v) { return QStringLiteral("<b>%1</b>").arg(QString::fromStdString(numberText(v, 4))); }

/// Equal lines draw equal curves.
QString fingerprint(const SessionRun& run, const RunLooks& looks) {
  const trainer::RunRecord& r = run.record;
  QString text = QStringLiteral("%1 %2 %3 %4").arg(QString::fromStdString(run.folder), run.name, looks.look(run).colour.name(), stateText(run.state));
  for (const std::size_t size : {r.stepRecords.size(), r.evaluations.size(), r.emaEvaluations.size(), r.swaEvaluations.size(), r.curvature.size(), r.events.size()})
    text += QStringLiteral(" %1").arg(size);
  return text + QStringLiteral(" %1").arg(r.steps);
}

/// "N 1,024, 12 products each, 3.1 % of the time".
QString curvatureNote(const SessionRun& run) {
  const auto& tracked = run.record.curvature;
  if (tracked.empty()) return {};
  double seconds = 0, products = 0;
  for (const trainer::CurvatureRecord& c : tracked) seconds += c.seconds, products += static_cast<double>(c.products);
  QString text = QStringLiteral("N %1 \u00B7 %2 products each").arg(grouped(tracked.back().samples)).arg(products / static_cast<double>(tracked.size()), 0, 'f', 0);
  const double all = run.record.seconds + seconds;
  if (all > 0) text += QStringLiteral(" \u00B7 %1 % of the time").arg(QString::number(100 * seconds / all, 'f', 1));
  return text;
}

}  // namespace

TrainBoard::TrainBoard(const RunLooks& looks, QWidget* parent) : QWidget(parent), looks_(looks), tools_(new TrainToolBar) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 0, 8, 8);
  column->setSpacing(8);
  column->addWidget(tools_);
  auto* grid = new QGridLayout;
  grid->setSpacing(8);
  addCard(grid, 0, 0, QStringLiteral("Loss"), QStringLiteral("The training objective on each batch, before the step"), loss_);
  addCard(grid, 0, 1, QStringLiteral("Accuracy"), QStringLiteral("Test set, evaluation mode; validation dashed finely, averaged models (EMA, SWA) pale"), accuracy_);
  addCard(grid, 1, 0, QStringLiteral("Gradient norm"), QStringLiteral("Norm of the gradient of the training objective on each batch, at \u03B8"), gradient_);
  addCard(grid, 1, 1, QStringLiteral("Curvature"), {}, curvature_);
  loss_.subtitle->setText(QStringLiteral("train, batch"));
  gradient_.subtitle->setText(QStringLiteral("\u2016\u2207L(\u03B8)\u2016, batch"));
  for (const int i : {0, 1}) grid->setRowStretch(i, 1), grid->setColumnStretch(i, 1);
  column->addLayout(grid, 3);
  column->addWidget(makeTable(), 1);
}

void TrainBoard::addCard(QGridLayout* grid, int row, int column, const QString& title, const QString& toolTip, Card& card) {
  auto* frame = new QFrame;
  QVBoxLayout* body = ui::makeCard(frame);
  QHBoxLayout* header = addCardBar(body, "cardHeader");
  auto* name = new QLabel(QStringLiteral("<b>%1</b>").arg(title));
  name->setToolTip(toolTip);
  card.subtitle = new QLabel;
  card.subtitle->setProperty("role", QStringLiteral("second"));
  card.subtitle->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  card.subtitle->setToolTip(toolTip);
  card.note = hintLabel({});
  card.note->setWordWrap(false);
  card.swatch = new QLabel;
  card.figure = new QLabel;
  header->addWidget(name);
  header->addWidget(card.subtitle, 1);
  header->addWidget(card.note);
  header->addWidget(card.swatch);
  header->addWidget(card.figure);
  card.chart = new CurvesChart;
  body->addWidget(card.chart, 1);
  grid->addWidget(frame, row, column);
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
  for (const Card* card : {&loss_, &accuracy_, &gradient_, &curvature_}) card->chart->setColours(colours);
}

void TrainBoard::show(const Session& session, const TrainStatus& status) {
  QStringList wanted{QString::number(static_cast<int>(tools_->abscissa())), QString::number(tools_->smoothing())};
  std::vector<RunTableModel::Row> rows;
  for (const SessionRun& run : session.runs()) {
    wanted << fingerprint(run, looks_);
    rows.push_back(runRow(run, looks_.swatch(run)));
  }
  if (wanted != drawn_) showCurves(session);
  drawn_ = wanted;
  model_->setRows(std::move(rows));
  table_->setColumnHidden(RunTableModel::validationAccuracy, !model_->hasValidation());
  const SessionRun* selected = session.selected();
  for (int i = 0; i < model_->rowCount(); ++i)
    if (selected != nullptr && model_->row(i).folder.toStdString() == selected->folder && table_->currentIndex().row() != i) table_->selectRow(i);
  tools_->show(status, looks_, !session.runs().empty());
  showFigures(status.live != nullptr ? status.live : selected);
}

void TrainBoard::showCurves(const Session& session) {
  TrainCurves curves = trainCurves(session, looks_, tools_->abscissa(), tools_->smoothing());
  loss_.chart->show(std::move(curves.loss));
  accuracy_.chart->show(std::move(curves.accuracy));
  gradient_.chart->show(std::move(curves.gradient));
  curvature_.chart->show(std::move(curves.curvature));
  for (const Card* card : {&loss_, &gradient_, &curvature_}) {
    const auto dropped = card->chart->dropped();
    card->note->setText(dropped > 0 ? QStringLiteral("%1 values \u2264 0 not drawn").arg(dropped) : QString());
  }
  accuracy_.subtitle->setText(QStringLiteral("test%1%2").arg(curves.validation ? QStringLiteral(", validation dashed") : QString(), curves.averages ? QStringLiteral(", averages pale") : QString()));
  QString toolTip = QStringLiteral("<p>Largest eigenvalue of the Hessian of the training objective while it trains, evaluation mode, on the samples named; bars: residual; hollow: residual above a tenth. "
                                   "Switch it on in the form: \u03BBmax every.</p>");
  if (!curves.noEdge.isEmpty()) toolTip += QStringLiteral("<p>%1</p>").arg(curves.noEdge.join(QStringLiteral("<br>")).toHtmlEscaped().replace(QStringLiteral("&lt;br&gt;"), QStringLiteral("<br>")));
  curvature_.subtitle->setToolTip(toolTip);
  curvature_.chart->setToolTip(toolTip);
}

/// The latest values of one run in the headers.
void TrainBoard::showFigures(const SessionRun* run) {
  const bool steps = run != nullptr && !run->record.stepRecords.empty(), evaluated = run != nullptr && !run->record.evaluations.empty();
  loss_.figure->setText(steps ? figure(run->record.stepRecords.back().loss) : QString());
  gradient_.figure->setText(steps ? figure(run->record.stepRecords.back().gradientNorm) : QString());
  const double accuracy = evaluated ? run->record.evaluations.back().testAccuracy : std::nan("");
  accuracy_.figure->setText(std::isnan(accuracy) ? QString() : QStringLiteral("<b>%1</b>").arg(100 * accuracy, 0, 'f', 2));
  const bool tracked = run != nullptr && !run->record.curvature.empty();
  curvature_.figure->setText(tracked ? figure(run->record.curvature.back().lambdaMax) : QString());
  const QString note = tracked ? curvatureNote(*run) : QString();
  curvature_.subtitle->setText(note.isEmpty() ? QStringLiteral("\u03BBmax while it trains") : QStringLiteral("\u03BBmax \u00B7 ") + note);
  for (const Card* card : {&loss_, &accuracy_, &gradient_, &curvature_}) {
    const bool shown = run != nullptr && !card->figure->text().isEmpty();
    card->swatch->setVisible(shown);
    if (shown) card->swatch->setPixmap(looks_.swatch(*run));
  }
}

}  // namespace ui
