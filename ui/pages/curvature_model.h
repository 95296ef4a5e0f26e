// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QColor>
#include <memory>
#include <string>
#include <vector>

#include "analysis/export/result_file.h"
#include "ui/charts/eigenvalue_chart.h"

namespace ui {

/// The eigenpairs of one run: index, eigenvalue, residual, verdict. Top ones first (1, 2, ...), then the bottom ones from the end (P, P - 1, ...).
class EigenpairModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { number, eigenvalue, residual, estimate, verdict, columnCount_ };
  using QAbstractTableModel::QAbstractTableModel;

  void setSpectrum(std::shared_ptr<const analysis::SpectrumResult> result);
  /// Colours of the verdicts: converged and not.
  void setColours(const QColor& ok, const QColor& warning);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  struct Pair {
    std::int64_t number;
    analysis::Eigenvalue value;
  };
  std::vector<Pair> pairs_;
  QColor ok_{0x1B, 0x7A, 0x58}, warning_{0x8F, 0x5F, 0x00};
};

/// What a chart shows of one end: index 1 is the outermost.
std::vector<EigenvalueMarks::Mark> eigenvalueMarks(const std::vector<analysis::Eigenvalue>& values);

/// "21 products and 3 for the residuals, 0.4 s, N 1,442; 3 of 3 converged".
QString spectrumSummary(const analysis::Spectrum& spectrum);

}  // namespace ui
