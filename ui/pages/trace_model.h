// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QIcon>
#include <memory>
#include <vector>

#include "analysis/export/result_file.h"

namespace ui {

/// A run's figures that come from random probes.
struct TraceRow {
  QString name;
  QIcon swatch;
  std::shared_ptr<const analysis::SpectrumResult> trace, density;  ///< where they were measured; the effective dimension comes with the density
  bool operator==(const TraceRow& other) const { return name == other.name && trace == other.trace && density == other.density && swatch.cacheKey() == other.swatch.cacheKey(); }
};

/// Trace, Frobenius norm and effective dimension of every run, each with its standard error in brackets (none where fewer than 20 probes give none).
class TraceModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { run, trace, frobenius, dimension, columnCount_ };
  using QAbstractTableModel::QAbstractTableModel;

  void setRows(std::vector<TraceRow> rows);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<TraceRow> rows_;
};

/// "95 % interval 2.1 to 2.9, 45 probes": how sure an estimate is; says so where it is exact or has no error.
QString estimateTip(const analysis::Estimate& estimate);

}  // namespace ui
