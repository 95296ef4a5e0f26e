// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/invariance_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/pages/card.h"
#include "ui/pages/eigenpair_card.h"
#include "ui/pages/landscape_card.h"
#include "ui/pages/measure_fields.h"
#include "ui/scenes/height_scale.h"

namespace ui {
namespace {

/// "outputs equal to 3e-7 of 12.3", or what went wrong.
QString verdictOf(const analysis::InvarianceOutcome& o) {
  const QString figures = QStringLiteral("max |\u0394 output| %1 of %2").arg(QString::fromStdString(numberText(o.largestDifference, 2)), QString::fromStdString(numberText(o.largestOutput, 3)));
  if (o.keeps == "predictions") return o.verified ? QStringLiteral("predictions unchanged \u00B7 ") + figures : QStringLiteral("%1 predictions changed").arg(grouped(o.changedPredictions));
  return (o.verified ? QStringLiteral("outputs unchanged: ") : QStringLiteral("another function: ")) + figures;
}

}  // namespace

InvarianceView::InvarianceView(QWidget* parent) : QWidget(parent), matrix_(new InvarianceMatrix(this)), measures_(new InvarianceModel(this)) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  auto* splitter = new QSplitter(Qt::Vertical);
  splitter->setChildrenCollapsible(false);
  splitter->addWidget(makeMatrix());
  splitter->addWidget(makeMeasures());
  splitter->setSizes({500, 500});
  column->addWidget(splitter);
}

QWidget* InvarianceView::makeMatrix() {
  auto* frame = new QFrame;
  QVBoxLayout* column = makeCard(frame);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  row->addWidget(new QLabel(QStringLiteral("<b>Invariance lab</b>")));
  about_ = new QLabel;
  about_->setProperty("role", QStringLiteral("hint"));
  row->addWidget(about_);
  row->addStretch(1);
  matrixTable_ = makeCardTable(matrix_);
  matrixTable_->setSelectionBehavior(QAbstractItemView::SelectColumns);
  matrixTable_->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
  column->addWidget(matrixTable_, 1);
  row = addCardBar(column, "cardFooter");
  auto* verdicts = new ElidedLabel;
  verdicts->setWords(QStringLiteral("\u2713 invariant, as theory says   (\u2713) did not move here   \u2717 moves though the function does not   \u26A0 should not have moved"));
  row->addWidget(verdicts, 1);
  connect(matrixTable_, &QTableView::clicked, this, [this](const QModelIndex& index) {
    if (index.column() > 0) outcome_->setCurrentIndex(index.column() - 1);
  });
  return frame;
}

QWidget* InvarianceView::makeMeasures() {
  auto* frame = new QFrame;
  QVBoxLayout* column = makeCard(frame);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  row->setContentsMargins(8, 0, 4, 0);
  row->addWidget(new QLabel(QStringLiteral("<b>Before and after</b>")));
  verified_ = makeBadge(QStringLiteral("Outputs of both checkpoints on all the samples"));
  row->addWidget(verified_);
  row->addStretch(1);
  outcome_ = new QComboBox;
  outcome_->setObjectName(QStringLiteral("outcome"));
  outcome_->setFixedHeight(22);
  outcome_->setToolTip(QStringLiteral("The transformation whose measures are listed"));
  row->addWidget(outcome_);
  QTableView* table = makeCardTable(measures_);
  fitColumns(table, InvarianceModel::measure);
  column->addWidget(table, 1);
  row = addCardBar(column, "cardFooter");
  where_ = new QLabel;
  row->addWidget(where_);
  connect(outcome_, &QComboBox::currentIndexChanged, this, &InvarianceView::refreshOutcome);
  return frame;
}

void InvarianceView::show(const QString& run, std::shared_ptr<const analysis::InvarianceResult> result) {
  about_->setText(result ? QStringLiteral("%1, step %2").arg(run, grouped(result->invariance.step)) : QStringLiteral("%1: not measured yet").arg(run));
  if (result == result_) return;
  result_ = std::move(result);
  matrix_->setResult(result_);
  {
    const QSignalBlocker quiet(outcome_);
    outcome_->clear();
    if (result_)
      for (const auto& o : result_->invariance.outcomes) outcome_->addItem(transformName(o.transform));
  }
  refreshOutcome();
}

void InvarianceView::refreshOutcome() {
  const int index = outcome_->currentIndex();
  if (!result_ || index < 0) {
    measures_->setBadges({});
    setBadge(verified_, {});
    where_->clear();
    return;
  }
  const analysis::InvarianceOutcome& o = result_->invariance.outcomes[static_cast<std::size_t>(index)];
  measures_->setBadges(o.badges);
  setBadge(verified_, verdictOf(o), !o.verified);
  where_->setText(o.layers.empty() ? QString() : QStringLiteral("%1 \u00B7 strength %2").arg(QString::fromStdString(o.layers)).arg(o.strength));
}

QString InvarianceView::verified() const { return verified_->text(); }

void InvarianceView::setColours(const QColor& ok, const QColor& second, const QColor& error) {
  matrix_->setColours(ok, second, error);
  measures_->setColours(ok, second, error);
}

}  // namespace ui
