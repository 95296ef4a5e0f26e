// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "ui/charts/section_chart.h"

class QButtonGroup;
class QLabel;

namespace ui {

/// The card with the 1-D section along x or y.
class LandscapeSection : public QFrame {
  Q_OBJECT
 public:
  explicit LandscapeSection(QWidget* parent = nullptr);
  int axis() const;  ///< 0 along x, 1 along y
  void setAxis(int axis);
  /// Through `at`, in the units of the axes that are named.
  void show(const std::vector<SectionCurve>& curves, const QString& xName, const QString& yName, QPointF at, const QString& valueName, bool logY);
  SectionChart* chart() const { return chart_; }

 signals:
  void axisChanged();

 private:
  SectionChart* chart_;
  QButtonGroup* axis_;
  QLabel *title_, *note_;
};

}  // namespace ui
