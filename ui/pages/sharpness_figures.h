// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QIcon>
#include <memory>
#include <vector>

#include "analysis/export/result_file.h"

namespace ui {

/// A run's figures beside the curves.
struct SharpnessFigures {
  QString name;
  QIcon swatch;
  std::shared_ptr<const analysis::SharpnessResult> result;
  bool operator==(const SharpnessFigures& other) const { return name == other.name && result == other.result && swatch.cacheKey() == other.swatch.cacheKey(); }
};

/// What a matched comparison needs beside a sharpness: loss, gradient norm and length of theta of every run, relative flatness and PAC-Bayes sigma.
class SharpnessFiguresModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { run, loss, gradient, norm, flatness, sigma, columnCount_ };
  using QAbstractTableModel::QAbstractTableModel;

  void setRows(std::vector<SharpnessFigures> rows);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<SharpnessFigures> rows_;
};

}  // namespace ui
