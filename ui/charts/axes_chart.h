// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QChartView>
#include <QLineSeries>
#include <QScatterSeries>

#include "ui/charts/curve_look.h"

class QAbstractAxis;

namespace ui {

/// A plain chart with an axis left and one below, thin lines, no animation, no legend, coloured by the theme. The y axis is linear or logarithmic.
class AxesChart : public QChartView {
  Q_OBJECT
 public:
  explicit AxesChart(QWidget* parent = nullptr);
  void setColours(const ChartColours& colours);
  const ChartColours& colours() const { return colours_; }

 protected:
  /// Drops all series and axes and makes new axes over these ranges, with round ticks.
  void reset(QPointF xRange, QPointF yRange, bool logY, const QString& xTitle, const QString& yTitle);
  void add(QAbstractSeries* series);
  QScatterSeries* scatter(const CurveLook& look, bool hollow, qreal size) const;
  QLineSeries* line(const QPen& pen) const;
  /// Draws everything again with the present colours.
  virtual void redraw() {}

 private:
  void styleAxis(QAbstractAxis* axis, const QString& title) const;
  ChartColours colours_;
  QAbstractAxis *x_ = nullptr, *y_ = nullptr;
};

}  // namespace ui
