// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/sharpness_figures.h"

#include <cmath>
#include <utility>

#include "ui/scenes/height_scale.h"

namespace ui {
namespace {

QString number(double v, int digits) { return QString::fromStdString(numberText(v, digits)); }
const QString kNone = QStringLiteral("\u2013");

/// Value and standard error (NaN: none); NaN, NaN where it was not measured.
std::pair<double, double> figureOf(const analysis::Sharpness& s, int column) {
  switch (column) {
    case SharpnessFiguresModel::loss: return {s.lossValue, NAN};
    case SharpnessFiguresModel::gradient: return {s.gradientNorm, NAN};
    case SharpnessFiguresModel::norm: return {s.parameterNorm, NAN};
    case SharpnessFiguresModel::flatness: return s.relativeFlatness ? std::pair(s.relativeFlatness->value, s.relativeFlatness->standardError) : std::pair<double, double>(NAN, NAN);
    default: return s.pacBayes.empty() ? std::pair<double, double>(NAN, NAN) : std::pair(s.pacBayes.front().sigma, s.pacBayes.front().standardError);
  }
}

}  // namespace

void SharpnessFiguresModel::setRows(std::vector<SharpnessFigures> rows) {
  if (rows == rows_) return;
  beginResetModel();
  rows_ = std::move(rows);
  endResetModel();
}

int SharpnessFiguresModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(rows_.size()); }
int SharpnessFiguresModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columnCount_; }

QVariant SharpnessFiguresModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const SharpnessFigures& row = rows_[static_cast<std::size_t>(index.row())];
  if (index.column() == run) {
    if (role == Qt::DecorationRole) return row.swatch;
    return role == Qt::DisplayRole || role == Qt::ToolTipRole ? QVariant(row.name) : QVariant();
  }
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
  const auto [value, error] = row.result ? figureOf(row.result->sharpness, index.column()) : std::pair<double, double>(NAN, NAN);
  if (!std::isfinite(value)) return role == Qt::DisplayRole ? kNone : QStringLiteral("not measured");
  if (role == Qt::DisplayRole) return number(value, 4);
  return std::isfinite(error) ? QStringLiteral("standard error %1").arg(number(error, 2)) : QStringLiteral("exact on these samples");
}

QVariant SharpnessFiguresModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount_) return {};
  static const char* const names[] = {"Run", "Loss", "\u2016g\u2016", "\u2016\u03B8\u2016", "Rel. flatness", "\u03C3"};
  static const char* const tips[] = {"", "Loss at theta on these samples: sharpness is compared at equal loss", "Gradient norm at theta", "Length of theta: plain measures change with it",
                                     "Relative flatness of the last layer (Petzka et al. 2021)", "PAC-Bayes: the largest noise whose mean rise is at most the one asked for"};
  if (role == Qt::DisplayRole) return QString::fromUtf8(names[section]);
  if (role == Qt::ToolTipRole) return QString::fromUtf8(tips[section]);
  if (role == Qt::TextAlignmentRole) return QVariant((section == run ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  return {};
}

}  // namespace ui
