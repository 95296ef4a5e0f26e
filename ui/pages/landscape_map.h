// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "ui/charts/map_chart.h"

class QIcon;
class QLabel;
class QPixmap;
class QToolButton;

namespace ui {

class ElidedLabel;

/// The card with the 2-D map of the active view's surface.
class LandscapeMap : public QFrame {
  Q_OBJECT
 public:
  explicit LandscapeMap(QWidget* parent = nullptr);
  void setRun(const QString& name, const QPixmap& swatch);
  void setIcon(const QIcon& reset);
  MapChart* chart() const { return chart_; }

 private:
  MapChart* chart_;
  QLabel* swatch_;
  ElidedLabel* name_;
  QToolButton* whole_;
};

}  // namespace ui
