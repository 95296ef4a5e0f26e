// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/eigenpair_card.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/pages/card.h"

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
  table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
  table->horizontalHeader()->setSectionResizeMode(EigenpairModel::number, QHeaderView::ResizeToContents);
  table->horizontalHeader()->setSectionResizeMode(EigenpairModel::verdict, QHeaderView::ResizeToContents);
  column->addWidget(table, 1);
  row = addCardBar(column, "cardFooter");
  summary_ = new QLabel;
  row->addWidget(summary_);
}

void EigenpairCard::setSpectrum(const QString& run, const std::shared_ptr<const analysis::SpectrumResult>& result) {
  model_->setSpectrum(result);
  run_->setText(run);
  const QString words = result ? spectrumSummary(result->spectrum) : QStringLiteral("not measured yet");
  summary_->setText(words);
  summary_->setToolTip(words);
}

}  // namespace ui
