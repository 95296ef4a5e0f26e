// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/eigenpair_card.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/pages/measure_fields.h"

namespace ui {

QTableView* makeCardTable(QAbstractItemModel* model) {
  auto* table = new QTableView;
  table->setModel(model);
  table->setFrameShape(QFrame::NoFrame);
  table->setShowGrid(false);
  table->setSelectionBehavior(QAbstractItemView::SelectRows);
  table->verticalHeader()->hide();
  table->verticalHeader()->setDefaultSectionSize(24);
  table->horizontalHeader()->setHighlightSections(false);
  table->setIconSize({28, 16});
  return table;
}

EigenpairCard::EigenpairCard(QWidget* parent) : QFrame(parent), model_(new EigenpairModel(this)) {
  QVBoxLayout* column = makeCard(this);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  row->addWidget(new QLabel(QStringLiteral("<b>Eigenpairs</b>")));
  row->addStretch(1);
  run_ = new QLabel;
  run_->setProperty("role", QStringLiteral("hint"));
  row->addWidget(run_);
  QTableView* table = makeCardTable(model_);
  table->horizontalHeader()->setMinimumSectionSize(20);
  table->hideColumn(EigenpairModel::estimate);  // in the tool tip
  fitColumns(table, EigenpairModel::eigenvalue);
  column->addWidget(table, 1);
  row = addCardBar(column, "cardFooter");
  summary_ = new ElidedLabel;
  row->addWidget(summary_, 1);
}

void EigenpairCard::setSpectrum(const QString& run, const std::shared_ptr<const analysis::SpectrumResult>& result) {
  model_->setSpectrum(result);
  run_->setText(run);
  summary_->setWords(result ? spectrumSummary(result->spectrum) : QStringLiteral("not measured yet"));
}

}  // namespace ui
