// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/train_board.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSignalBlocker>
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
  QString text = QStringLiteral("%1 %2 %3 %4").arg(QString::fromStdString(run.folder), run.name, looks.look(run).colour.name(), stateText(run.state)) + QString::number(looks.swatch(run).cacheKey());
  for (const std::size_t size : {r.stepRecords.size(), r.evaluations.size(), r.emaEvaluations.size(), r.swaEvaluations.size(), r.curvature.size(), r.events.size()})
    text += QStringLiteral(" %1").arg(size);
  return text + QStringLiteral(" %1").arg(r.steps);
}

/// "N 1,024, 3.1 % of the time, 12 products each", the cost of one measure.
QString curvatureNote(const SessionRun& run, const std::string& measure) {
  double seconds = 0, all = run.record.seconds, products = 0, gradients = 0, passes = 0, count = 0;
  std::int64_t items = 0;
  for (const trainer::CurvatureRecord& c : run.record.curvature) {
    all += c.seconds;
    for (const trainer::TrackedValue& v : c.more) all += v.seconds;
    const std::optional<trainer::TrackedValue> v = trainer::trackedValue(c, measure);
    if (!v) continue;
    ++count, items = v->items, seconds += v->seconds;
    products += static_cast<double>(v->products), gradients += static_cast<double>(v->gradients), passes += static_cast<double>(v->forwardPasses);
  }
  if (count == 0) return {};
  QStringList parts{QStringLiteral("N %1").arg(grouped(items))};
  for (const auto& [number, word] : {std::pair(products, "products"), std::pair(gradients, "gradients"), std::pair(passes, "forward passes")})
    if (number > 0) parts << QStringLiteral("%1 %2").arg(number / count, 0, 'f', 0).arg(QString::fromLatin1(word));
  if (parts.size() > 1) parts.back() += QStringLiteral(" each");
  if (all > 0) parts.insert(1, QStringLiteral("%1 % of the time").arg(QString::number(100 * seconds / all, 'f', 1)));
  return parts.join(QStringLiteral(" \u00B7 "));
}

QString curvatureToolTip(const std::string& measure, const QStringList& noEdge) {
  QString text = QStringLiteral("<p>Curvature of the training objective while it trains, on the samples named; bars: residual or standard error; hollow: above a tenth. Switch it on in the form: "
                                "Curvature every, and Tracked.</p>");
  if (measure == "lambda-max") text += QStringLiteral("<p>\u03BBmax is the largest eigenvalue of the Hessian, in evaluation mode.</p>");
  if (measure == "batch-sharpness") text += QStringLiteral("<p>Mean of g'Hg/\u2016g\u2016\u00B2 over batches of the run's size, each with its own g and H.</p>");
  if (measure == "critical-sharpness") text += QStringLiteral("<p>2/\u03B7 of the smallest step along the next update that raises the loss.</p>");
  if (!noEdge.isEmpty()) text += QStringLiteral("<p>%1</p>").arg(noEdge.join(QStringLiteral("<br>")).toHtmlEscaped().replace(QStringLiteral("&lt;br&gt;"), QStringLiteral("<br>")));
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
  measures_ = new QComboBox;
  measures_->setObjectName(QStringLiteral("trackedMeasure"));
  measures_->setToolTip(QStringLiteral("Which of the tracked quantities is drawn"));
  measures_->setVisible(false);
  curvature_.header->insertWidget(1, measures_);
  connect(measures_, &QComboBox::activated, this, [this] {
    wanted_ = measures_->currentData().toString().toStdString();
    emit measureChanged();
  });
  loss_.subtitle->setText(QStringLiteral("train, batch"));
  gradient_.subtitle->setText(QStringLiteral("\u2016\u2207L(\u03B8)\u2016, batch"));
  for (const int i : {0, 1}) grid->setRowStretch(i, 1), grid->setColumnStretch(i, 1);
  column->addLayout(grid, 3);
  column->addWidget(makeTable(), 1);
}

void TrainBoard::addCard(QGridLayout* grid, int row, int column, const QString& title, const QString& toolTip, Card& card) {
  auto* frame = new QFrame;
  QVBoxLayout* body = ui::makeCard(frame);
  QHBoxLayout* header = card.header = addCardBar(body, "cardHeader");
  auto* name = new QLabel(QStringLiteral("<b>%1</b>").arg(title));
  name->setToolTip(toolTip);
  card.subtitle = new QLabel;
  card.subtitle->setProperty("role", QStringLiteral("second"));
  card.subtitle->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  card.subtitle->setToolTip(toolTip);
  card.note = hintLabel({});
  card.note->setWordWrap(false);
  card.note->setMinimumWidth(1);  // cut rather than widen the window
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
    if (!run.visible || run.state == RunState::opened) continue;
    wanted << fingerprint(run, looks_);
    rows.push_back(runRow(run, looks_.swatch(run)));
  }
  offerMeasures(trackedMeasures(session));
  wanted << QString::fromStdString(measure_);
  if (const auto& cursor = session.cursor()) wanted << QStringLiteral("%1 at %2").arg(QString::fromStdString(cursor->run)).arg(cursor->step);
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

void TrainBoard::setMeasure(const std::string& measure) {
  wanted_ = measure;
  if (const int at = measures_->findData(QString::fromStdString(measure)); at >= 0) measures_->setCurrentIndex(at);
}

/// A choice only where there is one.
void TrainBoard::offerMeasures(const std::vector<std::string>& measures) {
  QStringList names;
  for (const std::string& m : measures) names << QString::fromStdString(m);
  QStringList offered;
  for (int i = 0; i < measures_->count(); ++i) offered << measures_->itemData(i).toString();
  if (names != offered) {
    const QSignalBlocker blocked(measures_);
    measures_->clear();
    for (const std::string& m : measures) measures_->addItem(measureName(m), QString::fromStdString(m));
    measures_->setCurrentIndex(std::max(0, measures_->findData(QString::fromStdString(wanted_))));
  }
  measures_->setVisible(measures.size() > 1);
  measure_ = measures.empty() ? "lambda-max" : measures_->currentData().toString().toStdString();
}

void TrainBoard::showCurves(const Session& session) {
  TrainCurves curves = trainCurves(session, looks_, tools_->abscissa(), tools_->smoothing(), measure_);
  loss_.chart->show(std::move(curves.loss));
  accuracy_.chart->show(std::move(curves.accuracy));
  gradient_.chart->show(std::move(curves.gradient));
  curvature_.chart->show(std::move(curves.curvature));
  for (const Card* card : {&loss_, &gradient_, &curvature_}) {
    const auto dropped = card->chart->dropped();
    card->note->setText(dropped > 0 ? QStringLiteral("%1 values \u2264 0 not drawn").arg(dropped) : QString());
  }
  accuracy_.subtitle->setText(QStringLiteral("test%1%2").arg(curves.validation ? QStringLiteral(", validation dashed") : QString(), curves.averages ? QStringLiteral(", averages pale") : QString()));
  const QString toolTip = curvatureToolTip(measure_, curves.noEdge);
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
  const std::optional<trainer::TrackedValue> last = tracked ? trainer::trackedValue(run->record.curvature.back(), measure_) : std::nullopt;
  curvature_.figure->setText(last ? figure(last->value) : QString());
  const QString note = tracked ? curvatureNote(*run, measure_) : QString(), name = measures_->isHidden() ? measureName(measure_) : QString();
  curvature_.subtitle->setText(note.isEmpty() ? QStringLiteral("%1 while it trains").arg(measureName(measure_)) : name.isEmpty() ? note : name + QStringLiteral(" \u00B7 ") + note);
  for (const Card* card : {&loss_, &accuracy_, &gradient_, &curvature_}) {
    const bool shown = run != nullptr && !card->figure->text().isEmpty();
    card->swatch->setVisible(shown);
    if (shown) card->swatch->setPixmap(looks_.swatch(*run));
  }
}

}  // namespace ui
