// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/axes_chart.h"

#include <QChart>
#include <QGraphicsLayout>
#include <QGraphicsSimpleTextItem>
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
QAbstractAxis* linearAxis(double from, double to, int wanted) {
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

QAbstractAxis* logAxis(double from, double to) {
  auto* axis = new QLogValueAxis;
  axis->setBase(10);
  axis->setLabelFormat(QStringLiteral("%g"));
  axis->setRange(from, to);
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

void AxesChart::reset(QPointF xRange, QPointF yRange, bool logY, const QString& xTitle, const QString& yTitle, bool logX) {
  chart()->removeAllSeries();
  for (const auto& [item, at] : texts_) delete item;
  texts_.clear();
  for (QAbstractAxis* axis : chart()->axes()) {
    chart()->removeAxis(axis);
    delete axis;
  }
  x_ = logX ? logAxis(xRange.x(), xRange.y()) : linearAxis(xRange.x(), xRange.y(), 5);
  y_ = logY ? logAxis(yRange.x(), yRange.y()) : linearAxis(yRange.x(), yRange.y(), 4);
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

void AxesChart::addText(const QString& words, const QColor& colour, QPointF at, bool bold) {
  QFont small = font();
  small.setPixelSize(11);
  small.setBold(bold);
  auto* halo = new QGraphicsSimpleTextItem(words, chart());  // under the words, so that lines do not run through them
  auto* item = new QGraphicsSimpleTextItem(words, halo);
  for (QGraphicsSimpleTextItem* each : {halo, item}) each->setFont(small);
  halo->setPen(QPen(colours_.background, 3));
  halo->setBrush(colours_.background);
  halo->setZValue(100);  // above every series
  item->setBrush(colour);
  texts_.emplace_back(halo, at);
  placeTexts();
}

void AxesChart::placeTexts() {
  if (texts_.empty() || chart()->series().isEmpty()) return;
  const QRectF plot = chart()->plotArea();
  for (const auto& [item, at] : texts_) {
    const QPointF place = chart()->mapToPosition(at, chart()->series().first());
    const QRectF box = item->boundingRect();
    const double right = place.x() + 4;
    item->setPos(right + box.width() > plot.right() ? place.x() - 4 - box.width() : right, std::max(plot.top(), place.y() - box.height()));
  }
}

void AxesChart::resizeEvent(QResizeEvent* event) {
  QChartView::resizeEvent(event);
  placeTexts();
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
