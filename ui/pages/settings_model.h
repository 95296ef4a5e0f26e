// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QStringList>
#include <vector>

#include "ui/pages/compare_entries.h"

namespace ui {

/// A setting of the compared runs.
struct SettingRow {
  QString section, name, toolTip;
  QStringList values;    ///< by entry; a dash where it does not apply
  bool differs = false;
  bool operator==(const SettingRow&) const = default;
};

/// Every setting that some entry has, in the order of the form; the seeds of an entry in one cell ("0, 1, 2").
std::vector<SettingRow> settingRows(const Session& session, const std::vector<CompareEntry>& entries);

/// Settings by entry: only those that differ, or all.
class SettingsModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  using QAbstractTableModel::QAbstractTableModel;
  void show(std::vector<CompareEntry> entries, std::vector<SettingRow> rows, bool differencesOnly);
  int differing() const;
  int all() const { return static_cast<int>(rows_.size()); }
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<CompareEntry> entries_;
  std::vector<SettingRow> rows_;
  std::vector<std::size_t> shown_;
};

}  // namespace ui
