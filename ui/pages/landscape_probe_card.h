// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <vector>

#include "ui/pages/landscape_probe_model.h"

class QTableView;
class QVBoxLayout;

namespace ui {

class ElidedLabel;

/// The card with every run's reading at the probe.
class LandscapeProbeCard : public QFrame {
  Q_OBJECT
 public:
  explicit LandscapeProbeCard(QWidget* parent = nullptr);
  void show(std::vector<ProbeRow> rows, const QString& title, const QString& valueName);
  LandscapeProbeModel* model() const { return model_; }
  QString title() const;
  /// Below the table: room for what others add.
  QVBoxLayout* column() const { return column_; }

 private:
  LandscapeProbeModel* model_;
  QTableView* table_;
  ElidedLabel* title_;
  QVBoxLayout* column_;
};

}  // namespace ui
