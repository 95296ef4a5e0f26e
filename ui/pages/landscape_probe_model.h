// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QIcon>
#include <optional>
#include <vector>

#include "ui/scenes/height_probe.h"

namespace ui {

/// A run at the probe's point: nothing where its surface does not reach or is not computed.
struct ProbeRow {
  QString name;
  QIcon swatch;
  std::optional<ProbeReading> reading;
};

/// Loss, accuracy and distance from the centre for every run at one point, six significant digits.
class LandscapeProbeModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { run, x, y, value, loss, accuracy, aboveCentre, origin, columnCount_ };
  using QAbstractTableModel::QAbstractTableModel;

  void setRows(std::vector<ProbeRow> rows);
  /// What the column `value` holds: the layer that is shown.
  void setValueName(const QString& name);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  QString textOf(const ProbeRow& row, int column) const;
  std::vector<ProbeRow> rows_;
  QString valueName_;
};

}  // namespace ui
