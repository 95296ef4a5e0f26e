// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>
#include <vector>

#include "ui/charts/curve_look.h"

namespace ui {

/// A value over the baseline's.
struct RatioBar {
  QString name;           ///< of the run
  CurveLook look;
  double ratio = 0;       ///< NaN: not known, no bar
  double error = 0;       ///< of the ratio; 0 or NaN: no caps
  QString toolTip = {};
  bool operator==(const RatioBar& o) const;
};

/// A measure with a bar for each run but the baseline.
struct RatioGroup {
  QString name;
  std::vector<RatioBar> bars;
  bool operator==(const RatioGroup&) const = default;
};

/// Bars relative to a baseline: a linear axis from 0 (bars on a log axis lie), a line at 1, error caps, each bar with its figure.
class RatioChart : public QWidget {
  Q_OBJECT
 public:
  explicit RatioChart(QWidget* parent = nullptr);
  void show(std::vector<RatioGroup> groups, const QString& baseline, const CurveLook& look, int digits);
  void setColours(const ChartColours& colours);
  const std::vector<RatioGroup>& groups() const { return groups_; }
  /// Where a bar is drawn, its figure left out; empty where it is not.
  QRectF barRect(std::size_t group, std::size_t bar) const;
  double axisEnd() const;  ///< the largest ratio the axis holds
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;

 private:
  QRectF plot() const;
  double barHeight() const;
  double place(double ratio) const;  ///< in pixels
  double labelWidth() const;
  void drawAxis(QPainter& painter) const;
  void drawBar(QPainter& painter, std::size_t group, std::size_t bar) const;

  std::vector<RatioGroup> groups_;
  QString baseline_;
  CurveLook look_;
  ChartColours colours_;
  int digits_ = 3;
};

}  // namespace ui
