// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/trace_model.h"

#include "ui/scenes/height_scale.h"

namespace ui {
namespace {

QString number(double v, int digits) { return QString::fromStdString(numberText(v, digits)); }
const QString kNone = QStringLiteral("\u2013");

/// The estimate that a column shows; null where it was not measured.
const analysis::Estimate* estimateOf(const TraceRow& row, int column) {
  if (column == TraceModel::dimension) {
    if (!row.density || !row.density->spectrum.effectiveDimension) return nullptr;
    return &row.density->spectrum.effectiveDimension->estimate;
  }
  if (!row.trace || !row.trace->spectrum.trace) return nullptr;
  const analysis::Trace& trace = *row.trace->spectrum.trace;
  return column == TraceModel::trace ? &trace.estimate : &trace.frobenius;
}

}  // namespace

QString estimateTip(const analysis::Estimate& estimate) {
  const QString probes = QStringLiteral("%1 probes").arg(estimate.probes);
  if (!estimate.hasError) return QStringLiteral("%1: fewer than %2 give no standard error").arg(probes).arg(analysis::kLeastProbes);
  if (estimate.standardError == 0) return QStringLiteral("exact: every direction was taken");
  return QStringLiteral("probe error: 68 % interval %1 to %2, 95 % interval %3 to %4, %5")
      .arg(number(estimate.interval68.low, 5), number(estimate.interval68.high, 5), number(estimate.interval95.low, 5), number(estimate.interval95.high, 5), probes);
}

void TraceModel::setRows(std::vector<TraceRow> rows) {
  if (rows == rows_) return;
  beginResetModel();
  rows_ = std::move(rows);
  endResetModel();
}

int TraceModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(rows_.size()); }
int TraceModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columnCount_; }

QVariant TraceModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const TraceRow& row = rows_[static_cast<std::size_t>(index.row())];
  if (index.column() == run) {
    if (role == Qt::DecorationRole) return row.swatch;
    return role == Qt::ToolTipRole ? QVariant(row.name) : QVariant();
  }
  const analysis::Estimate* estimate = estimateOf(row, index.column());
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  if (role == Qt::ToolTipRole) return estimate == nullptr ? QStringLiteral("not measured") : estimateTip(*estimate);
  if (role != Qt::DisplayRole) return {};
  if (estimate == nullptr) return kNone;
  return estimate->hasError ? QStringLiteral("%1 (%2)").arg(number(estimate->value, 4), number(estimate->standardError, 2)) : number(estimate->value, 4);
}

QVariant TraceModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount_) return {};
  static const char* const names[] = {"", "tr H (s.e.)", "\u2016H\u2016F (s.e.)", "d eff (s.e.)"};
  static const char* const tips[] = {"", "Trace: the sum of all eigenvalues; in brackets its standard error over the probes", "Frobenius norm: the root of the sum of squared eigenvalues; in brackets its standard error",
                                     "Effective dimension: sum of \u03BB/(\u03BB + c) over the eigenvalues of the Gauss-Newton matrix; in brackets its standard error"};
  if (role == Qt::DisplayRole) return QString::fromUtf8(names[section]);
  if (role == Qt::ToolTipRole) return QString::fromUtf8(tips[section]);
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  return {};
}

}  // namespace ui
