// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QColor>
#include <memory>
#include <optional>
#include <vector>

#include "analysis/comparison/comparison.h"
#include "ui/pages/compare_entries.h"

namespace ui {

/// How the comparison table is drawn.
struct CompareShown {
  int digits = 4;
  bool seedsApart = false;  ///< beside the mean over its seeds, each run of a setting in a column of its own
  bool operator==(const CompareShown&) const = default;
};

/// The comparison as a table: group, measure, what the error is; then for each setting, the baseline first, value, difference and ratio. Nothing is coloured good
/// or bad. EditRole has the bare numbers in full precision.
class CompareModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Kind { group, measure, error, value, delta, ratio, seed };
  struct Column {
    Kind kind = group;
    std::size_t setting = 0, run = 0;  ///< run: of a seed
    bool operator==(const Column&) const = default;
  };
  using QAbstractTableModel::QAbstractTableModel;

  /// `entries` give names and looks to the settings; one that is not among them keeps its own name.
  void show(std::shared_ptr<const analysis::Comparison> comparison, std::vector<CompareEntry> entries, const CompareShown& shown);
  void setColours(const QColor& baseline, const QColor& second, const QColor& third);
  const analysis::Comparison* comparison() const { return comparison_.get(); }
  const std::vector<Column>& columns() const { return columns_; }
  QString settingName(std::size_t setting) const;
  /// Settings that cannot be told apart, of all contrasts with a verdict.
  std::pair<int, int> openContrasts() const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  const CompareEntry* entryOf(std::size_t setting) const;
  bool ofBaseline(const Column& column) const;
  bool startsGroup(int row) const;
  QString text(int row, const Column& column) const;
  QVariant number(int row, const Column& column) const;
  QString toolTip(int row, const Column& column) const;

  std::shared_ptr<const analysis::Comparison> comparison_;
  std::vector<CompareEntry> entries_;
  CompareShown shown_;
  std::vector<Column> columns_;
  QColor baseline_{0xF8, 0xF9, 0xFB}, second_{0x4F, 0x59, 0x65}, third_{0x7C, 0x86, 0x92};
};

}  // namespace ui
