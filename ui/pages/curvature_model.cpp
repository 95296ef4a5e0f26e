// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/curvature_model.h"

#include <algorithm>

#include "ui/pages/measure_fields.h"
#include "ui/scenes/height_scale.h"

namespace ui {

void EigenpairModel::setSpectrum(std::shared_ptr<const analysis::SpectrumResult> result) {
  beginResetModel();
  pairs_.clear();
  if (result) {
    std::int64_t ordinal = 1;
    for (const auto& value : result->spectrum.top) pairs_.push_back({ordinal++, value});
    ordinal = result->spectrum.parameters;
    for (const auto& value : result->spectrum.bottom) pairs_.push_back({ordinal--, value});
  }
  endResetModel();
}

void EigenpairModel::setColours(const QColor& ok, const QColor& warning) {
  ok_ = ok;
  warning_ = warning;
  if (!pairs_.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount_ - 1));
}

int EigenpairModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(pairs_.size()); }
int EigenpairModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columnCount_; }

QVariant EigenpairModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const Pair& pair = pairs_[static_cast<std::size_t>(index.row())];
  const bool converged = pair.value.converged;
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  if (role == Qt::ForegroundRole) {
    if (index.column() == verdict) return converged ? ok_ : warning_;
    return index.column() == residual && !converged ? QVariant(warning_) : QVariant();
  }
  if (role == Qt::ToolTipRole) {
    return converged ? QStringLiteral("Some eigenvalue lies within the residual of this value; its error is about %1, an estimate.").arg(QString::fromStdString(numberText(pair.value.errorEstimate, 2)))
                     : QStringLiteral("Not converged: the residual is above the tolerance. Allow more products.");
  }
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case number:
      return grouped(pair.number);
    case eigenvalue:
      return QString::fromStdString(numberText(pair.value.value, 6));
    case residual:
      return QString::fromStdString(numberText(pair.value.residual, 2));
    case estimate:
      return QString::fromStdString(numberText(pair.value.errorEstimate, 2));
    default:
      return converged ? QStringLiteral("\u2713") : QStringLiteral("\u26A0");
  }
}

QVariant EigenpairModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount_) return {};
  static const char* const names[] = {"Index", "\u03BB", "Residual", "Estimate", ""};
  static const char* const tips[] = {"1 is the largest, P the smallest of all eigenvalues", "Eigenvalue of the Hessian",
                                     "\u2016Hq \u2212 \u03BBq\u2016 from a fresh product: some eigenvalue lies within it",
                                     "About residual\u00B2 / gap: an estimate of the error, not a bound", "Converged: the residual is below the tolerance"};
  if (role == Qt::DisplayRole) return QString::fromUtf8(names[section]);
  if (role == Qt::ToolTipRole) return QString::fromUtf8(tips[section]);
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  return {};
}

std::vector<EigenvalueMarks::Mark> eigenvalueMarks(const std::vector<analysis::Eigenvalue>& values) {
  std::vector<EigenvalueMarks::Mark> marks;
  for (const analysis::Eigenvalue& value : values) {
    marks.push_back({.index = static_cast<double>(marks.size() + 1), .value = value.value, .residual = value.residual, .converged = value.converged});
  }
  return marks;
}

QString spectrumSummary(const analysis::Spectrum& spectrum) {
  const auto converged = [](const std::vector<analysis::Eigenvalue>& values) { return std::ranges::count(values, true, &analysis::Eigenvalue::converged); };
  const auto pairs = static_cast<std::int64_t>(spectrum.top.size() + spectrum.bottom.size());
  QString text = QStringLiteral("%1 products and %2 for the residuals, %3 s \u00B7 %4 of %5 converged")
                     .arg(grouped(spectrum.products), grouped(spectrum.residualProducts), QString::number(spectrum.seconds, 'f', 1))
                     .arg(converged(spectrum.top) + converged(spectrum.bottom))
                     .arg(pairs);
  if (spectrum.stopped) text += QStringLiteral(" \u00B7 stopped early");
  return text;
}

}  // namespace ui
