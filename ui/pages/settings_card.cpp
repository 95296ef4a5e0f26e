// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/settings_card.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QVBoxLayout>

#include "ui/pages/card.h"
#include "ui/pages/frozen_table.h"

namespace ui {

SettingsCard::SettingsCard(QWidget* parent) : QFrame(parent), model_(new SettingsModel(this)), table_(new FrozenTable) {
  QVBoxLayout* column = makeCard(this);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  row->addWidget(new QLabel(QStringLiteral("<b>Settings</b>")));
  summary_ = new QLabel;
  summary_->setProperty("role", QStringLiteral("second"));
  row->addWidget(summary_);
  row->addStretch(1);
  only_ = new QCheckBox(QStringLiteral("differences only"));
  only_->setObjectName(QStringLiteral("differencesOnly"));
  only_->setChecked(true);
  only_->setToolTip(QStringLiteral("Leaves out what is the same in all compared runs. Default: on."));
  row->addWidget(only_);
  table_->setModel(model_);
  table_->setAccessibleName(QStringLiteral("Settings of the compared runs"));
  table_->setSelectionMode(QAbstractItemView::NoSelection);
  column->addWidget(table_, 1);
  connect(model_, &QAbstractItemModel::modelReset, this, [this] { table_->fitColumns(10); });
  connect(only_, &QCheckBox::toggled, this, &SettingsCard::refresh);
}

void SettingsCard::show(const Session& session, const std::vector<CompareEntry>& entries) {
  entries_ = entries;
  rows_ = settingRows(session, entries_);
  refresh();
}

bool SettingsCard::differencesOnly() const { return only_->isChecked(); }
void SettingsCard::setDifferencesOnly(bool only) { only_->setChecked(only); }
QString SettingsCard::summary() const { return summary_->text(); }

void SettingsCard::refresh() {
  model_->show(entries_, rows_, only_->isChecked() && entries_.size() > 1);  // of one run there are no differences to leave out
  summary_->setText(model_->all() == 0 ? QString() : entries_.size() < 2 ? QStringLiteral("%1 of one run").arg(model_->all()) : QStringLiteral("%1 of %2 differ").arg(model_->differing()).arg(model_->all()));
}

}  // namespace ui
