// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/curves_chart.h"

#include <QChart>
#include <QGraphicsSimpleTextItem>
#include <algorithm>
#include <cmath>
#include <limits>

namespace ui {
namespace {

constexpr int kBuckets = 400;         ///< about the width of a chart in pixels
constexpr std::size_t kMarkers = 9;   ///< along a curve
constexpr double kRawOpacity = 0.28;

}  // namespace

std::vector<QPointF> smoothed(const std::vector<QPointF>& points, double weight) {
  if (weight <= 0) return points;
  std::vector<QPointF> out;
  out.reserve(points.size());
  double mean = 0, norm = 0;
  for (const QPointF& p : points) {
    mean = weight * mean + (1 - weight) * p.y();
    norm = weight * norm + (1 - weight);
    out.emplace_back(p.x(), mean / norm);
  }
  return out;
}

std::vector<QPointF> decimated(const std::vector<QPointF>& points, int buckets) {
  const std::size_t size = points.size();
  if (size <= 2 * static_cast<std::size_t>(buckets)) return points;
  std::vector<QPointF> out;
  const double width = (points.back().x() - points.front().x()) / buckets;
  for (std::size_t i = 0; i < size;) {
    const double end = points[i].x() + width;
    std::size_t low = i, high = i, j = i;
    for (; j < size && (points[j].x() < end || j == i); ++j) {
      if (points[j].y() < points[low].y()) low = j;
      if (points[j].y() > points[high].y()) high = j;
    }
    out.push_back(points[std::min(low, high)]);
    if (low != high) out.push_back(points[std::max(low, high)]);
    i = j;
  }
  if (out.back() != points.back()) out.push_back(points.back());
  return out;
}

void CurvesChart::show(std::vector<RunCurve> curves, double smoothing, bool logY, const QString& xTitle, const QString& yTitle) {
  curves_ = std::move(curves);
  smoothing_ = smoothing;
  logY_ = logY;
  xTitle_ = xTitle;
  yTitle_ = yTitle;
  dropped_ = 0;
  for (RunCurve& curve : curves_)
    dropped_ += static_cast<std::int64_t>(std::erase_if(curve.points, [this](const QPointF& p) { return !std::isfinite(p.y()) || (logY_ && p.y() <= 0); }));
  redraw();
}

void CurvesChart::redraw() {
  for (const auto& [item, at] : names_) delete item;
  names_.clear();
  const double infinity = std::numeric_limits<double>::infinity();
  double left = infinity, right = -infinity, low = infinity, high = -infinity;
  for (const RunCurve& curve : curves_)
    for (const QPointF& p : curve.points) {
      left = std::min(left, p.x()), right = std::max(right, p.x());
      low = std::min(low, p.y()), high = std::max(high, p.y());
    }
  if (!(right > left)) left = 0, right = std::max(1.0, right);
  if (!(high > low)) low = logY_ ? 0.1 : 0, high = 1;
  if (!logY_) low -= 0.04 * (high - low), high += 0.04 * (high - low);
  reset({std::min(left, 0.0), right}, {low, high}, logY_, xTitle_, yTitle_);
  for (const RunCurve& curve : curves_) addCurve(curve);
  for (const RunCurve& curve : curves_) {
    if (!curve.live || curve.points.empty()) continue;
    QPen pen(curve.look.colour, 1, Qt::DotLine);
    QLineSeries* at = line(pen);
    at->append(curve.points.back().x(), low);
    at->append(curve.points.back().x(), high);
    add(at);
  }
  placeNames();
}

void CurvesChart::addCurve(const RunCurve& curve) {
  if (curve.points.empty()) return;
  const auto replace = [](QXYSeries* series, const std::vector<QPointF>& points) { series->replace(QList<QPointF>(points.begin(), points.end())); };
  if (smoothing_ > 0) {
    CurveLook pale = curve.look;
    pale.colour.setAlphaF(kRawOpacity);
    pale.dashes.clear();
    QLineSeries* raw = line(pale.pen(1));
    replace(raw, decimated(curve.points, kBuckets));
    add(raw);
  }
  const std::vector<QPointF> points = decimated(smoothed(curve.points, smoothing_), kBuckets);
  QLineSeries* drawn = line(curve.look.pen(1.6));
  drawn->setName(curve.name);
  replace(drawn, points);
  add(drawn);
  std::vector<QPointF> marked;
  for (std::size_t i = 0; i < points.size(); i += std::max<std::size_t>(1, points.size() / kMarkers)) marked.push_back(points[i]);
  QScatterSeries* marks = scatter(curve.look, false, 7);
  replace(marks, marked);
  add(marks);
  auto* name = new QGraphicsSimpleTextItem(curve.name, chart());
  QFont font = this->font();
  font.setPixelSize(11);
  font.setBold(true);
  name->setFont(font);
  name->setBrush(curve.look.colour);
  name->setZValue(100);  // above every series
  names_.emplace_back(name, points.back());
}

/// Names stand in the right corner that the curves leave free.
void CurvesChart::placeNames() {
  if (names_.empty() || chart()->series().isEmpty()) return;
  const QRectF plot = chart()->plotArea();
  double ends = 0;
  for (const auto& [item, at] : names_) ends += chart()->mapToPosition(at, chart()->series().first()).y() / static_cast<double>(names_.size());
  constexpr double kRow = 14;
  double y = ends > plot.center().y() ? plot.top() + 2 : plot.bottom() - kRow * static_cast<double>(names_.size()) - 2;
  for (const auto& [item, at] : names_) {
    item->setPos(plot.right() - item->boundingRect().width() - 6, y);
    y += kRow;
  }
}

void CurvesChart::resizeEvent(QResizeEvent* event) {
  AxesChart::resizeEvent(event);
  placeNames();
}

}  // namespace ui
