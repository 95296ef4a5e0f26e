// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/axes_chart.h"

#include <QChart>
#include <QGraphicsLayout>
#include <QLogValueAxis>
#include <QValueAxis>
#include <algorithm>
#include <cmath>

#include "analysis/figure/figure.h"

namespace ui {
namespace {

QScatterSeries::MarkerShape shapeOf(CurveLook::Marker marker) {
  switch (marker) {
    case CurveLook::Marker::circle:
      return QScatterSeries::MarkerShapeCircle;
    case CurveLook::Marker::square:
      return QScatterSeries::MarkerShapeRectangle;
    case CurveLook::Marker::triangle:
      return QScatterSeries::MarkerShapeTriangle;
    case CurveLook::Marker::diamond:
      return QScatterSeries::MarkerShapeRotatedRectangle;
    default:
      return QScatterSeries::MarkerShapeStar;
  }
}

/// An axis over round numbers that hold the range.
QValueAxis* linearAxis(double from, double to, int wanted) {
  auto* axis = new QValueAxis;
  const auto ticks = analysis::niceTicks(from, to, wanted, analysis::Scale::linear);
  axis->setRange(from, to);
  if (ticks.size() >= 2) {
    axis->setTickType(QValueAxis::TicksDynamic);
    axis->setTickAnchor(ticks.front());
    axis->setTickInterval(ticks[1] - ticks[0]);
    const int digits = static_cast<int>(std::ceil(-std::log10(ticks[1] - ticks[0]) - 1e-9));
    axis->setLabelFormat(digits > 4 ? QStringLiteral("%.1e") : QStringLiteral("%.%1f").arg(std::max(0, digits)));
  }
  return axis;
}

}  // namespace

AxesChart::AxesChart(QWidget* parent) : QChartView(new QChart, parent) {
  chart()->legend()->hide();
  chart()->setAnimationOptions(QChart::NoAnimation);
  chart()->setMargins({2, 4, 8, 2});
  chart()->layout()->setContentsMargins(0, 0, 0, 0);
  chart()->setBackgroundRoundness(0);
  setFrameShape(QFrame::NoFrame);
  setRenderHint(QPainter::Antialiasing);
  setMinimumSize(160, 110);
}

void AxesChart::setColours(const ChartColours& colours) {
  colours_ = colours;
  chart()->setBackgroundBrush(colours.background);
  chart()->setBackgroundPen(Qt::NoPen);
  setBackgroundBrush(colours.background);
  redraw();
}

void AxesChart::styleAxis(QAbstractAxis* axis, const QString& title) const {
  QFont ticks = font();
  ticks.setPixelSize(11);
  axis->setLabelsFont(ticks);
  axis->setLabelsColor(colours_.secondText);
  axis->setTitleFont(ticks);
  axis->setTitleBrush(colours_.text);
  axis->setTitleText(title);
  axis->setLinePen(QPen(colours_.axis, 1));
  axis->setGridLinePen(QPen(colours_.grid, 1));
  axis->setMinorGridLineVisible(false);
}

void AxesChart::reset(QPointF xRange, QPointF yRange, bool logY, const QString& xTitle, const QString& yTitle) {
  chart()->removeAllSeries();
  for (QAbstractAxis* axis : chart()->axes()) {
    chart()->removeAxis(axis);
    delete axis;
  }
  x_ = linearAxis(xRange.x(), xRange.y(), 5);
  if (logY) {
    auto* axis = new QLogValueAxis;
    axis->setBase(10);
    axis->setLabelFormat(QStringLiteral("%g"));
    axis->setRange(yRange.x(), yRange.y());
    y_ = axis;
  } else {
    y_ = linearAxis(yRange.x(), yRange.y(), 4);
  }
  styleAxis(x_, xTitle);
  styleAxis(y_, yTitle);
  chart()->addAxis(x_, Qt::AlignBottom);
  chart()->addAxis(y_, Qt::AlignLeft);
}

void AxesChart::add(QAbstractSeries* series) {
  chart()->addSeries(series);
  series->attachAxis(x_);
  series->attachAxis(y_);
}

QScatterSeries* AxesChart::scatter(const CurveLook& look, bool hollow, qreal size) const {
  auto* series = new QScatterSeries;
  series->setMarkerShape(shapeOf(look.marker));
  series->setMarkerSize(size);
  series->setColor(hollow ? colours_.background : look.colour);
  series->setBorderColor(hollow ? look.colour : colours_.background);
  series->setPen(hollow ? QPen(look.colour, 1.6) : QPen(Qt::NoPen));
  return series;
}

QLineSeries* AxesChart::line(const QPen& pen) const {
  auto* series = new QLineSeries;
  series->setPen(pen);
  return series;
}

}  // namespace ui
