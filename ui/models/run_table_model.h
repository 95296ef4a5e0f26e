// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QPixmap>
#include <vector>

#include "ui/workspace/session.h"

namespace ui {

/// A row a run: state, step, losses, accuracies, lambda max, cost.
class RunTableModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { name, state, step, trainLoss, testLoss, validationAccuracy, testAccuracy, lambdaMax, gradientsPerStep, seconds, columnCount_ };
  struct Row {
    QString folder, name, state;
    QPixmap swatch;
    QString cells[columnCount_];
    bool operator==(const Row& other) const;
  };
  using QAbstractTableModel::QAbstractTableModel;

  void setRows(std::vector<Row> rows);
  const Row& row(int index) const { return rows_[static_cast<std::size_t>(index)]; }
  bool hasValidation() const;  ///< some run has a validation set
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<Row> rows_;
};

/// What the table says of a run; six significant digits or fewer.
RunTableModel::Row runRow(const SessionRun& run, const QPixmap& swatch);

}  // namespace ui
