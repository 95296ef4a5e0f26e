// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QChartView>
#include <QLineSeries>
#include <QScatterSeries>
#include <utility>
#include <vector>

#include "ui/charts/curve_look.h"

class QAbstractAxis;
class QGraphicsSimpleTextItem;

namespace ui {

/// A plain chart with an axis left and one below, thin lines, no animation, no legend, coloured by the theme. Each axis is linear or logarithmic.
class AxesChart : public QChartView {
  Q_OBJECT
 public:
  explicit AxesChart(QWidget* parent = nullptr);
  void setColours(const ChartColours& colours);
  const ChartColours& colours() const { return colours_; }

 protected:
  /// Drops all series and axes and makes new axes over these ranges, with round ticks.
  void reset(QPointF xRange, QPointF yRange, bool logY, const QString& xTitle, const QString& yTitle, bool logX = false);
  void add(QAbstractSeries* series);
  QScatterSeries* scatter(const CurveLook& look, bool hollow, qreal size) const;
  QLineSeries* line(const QPen& pen) const;
  /// Words above and right of a value (left of it where they would leave the plot); they go with the next reset.
  void addText(const QString& words, const QColor& colour, QPointF at, bool bold = false);
  void resizeEvent(QResizeEvent* event) override;
  /// Draws everything again with the present colours.
  virtual void redraw() {}

 private:
  void styleAxis(QAbstractAxis* axis, const QString& title) const;
  void placeTexts();
  ChartColours colours_;
  QAbstractAxis *x_ = nullptr, *y_ = nullptr;
  std::vector<std::pair<QGraphicsSimpleTextItem*, QPointF>> texts_;
};

}  // namespace ui
