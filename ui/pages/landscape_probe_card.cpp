// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_probe_card.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/pages/card.h"
#include "ui/pages/measure_fields.h"

namespace ui {

LandscapeProbeCard::LandscapeProbeCard(QWidget* parent) : QFrame(parent) {
  column_ = makeCard(this);
  QHBoxLayout* row = addCardBar(column_, "cardHeader");
  title_ = new ElidedLabel;
  title_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  title_->setProperty("role", QStringLiteral("second"));
  row->addWidget(new QLabel(QStringLiteral("<b>Probe</b>")));
  row->addWidget(title_, 1);
  model_ = new LandscapeProbeModel(this);
  table_ = new QTableView;
  table_->setModel(model_);
  table_->setFrameShape(QFrame::NoFrame);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::NoSelection);
  table_->setShowGrid(false);
  table_->setAccessibleName(QStringLiteral("Readings at the probe"));
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(24);
  table_->setIconSize({28, 16});
  table_->horizontalHeader()->setMinimumSectionSize(20);
  fitColumns(table_, LandscapeProbeModel::run);
  for (const int hidden : {LandscapeProbeModel::x, LandscapeProbeModel::y, LandscapeProbeModel::value}) table_->hideColumn(hidden);  // in the header
  column_->addWidget(table_, 1);
  auto* note = hintLabel(QStringLiteral("\u25CF computed   \u25CB interpolated"));
  note->setContentsMargins(8, 2, 8, 2);
  column_->addWidget(note);
}

void LandscapeProbeCard::show(std::vector<ProbeRow> rows, const QString& title, const QString& valueName) {
  title_->setWords(title);
  model_->setValueName(valueName);
  table_->setColumnHidden(LandscapeProbeModel::value, valueName.isEmpty());
  model_->setRows(std::move(rows));
}

QString LandscapeProbeCard::title() const { return title_->toolTip(); }

}  // namespace ui
