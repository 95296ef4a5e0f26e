// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/curves_chart.h"

#include <QAreaSeries>
#include <QChart>
#include <QCursor>
#include <QGraphicsRectItem>
#include <QGraphicsSimpleTextItem>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace ui {
namespace {

constexpr int kBuckets = 400;         ///< about the width of a chart in pixels
constexpr std::size_t kMarkers = 9;   ///< along a curve
constexpr double kRawOpacity = 0.28, kEventOpacity = 0.7, kPlateOpacity = 0.8, kBandOpacity = 0.16;
constexpr double kLimitReach = 4;     ///< limits above the highest value by more than this are left out
constexpr double kPoor = 0.1;         ///< of the value: a residual above it makes a hollow marker
constexpr double kSeen = 0.02;        ///< of the value: a shorter bar is hidden by its marker
constexpr std::size_t kMany = 30;     ///< measured values that each get a marker
constexpr double kBetween = 6;        ///< pixels between the places of a line that names keep away from
constexpr double kRow = 14;           ///< height of a name

/// Every so many of them, so that about `count` are left.
std::vector<QPointF> thinned(const std::vector<QPointF>& points, std::size_t count = kMany) {
  std::vector<QPointF> out;
  for (std::size_t i = 0; i < points.size(); i += std::max<std::size_t>(1, (points.size() + count - 1) / count)) out.push_back(points[i]);
  return out;
}

void replace(QXYSeries* series, const std::vector<QPointF>& points) { series->replace(QList<QPointF>(points.begin(), points.end())); }

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

void CurvesChart::show(CurvesPicture picture) {
  picture_ = std::move(picture);
  dropped_ = 0;
  for (RunCurve& curve : picture_.curves) {
    std::vector<QPointF> points;
    std::vector<double> residuals, band;
    for (std::size_t i = 0; i < curve.points.size(); ++i) {
      const QPointF& p = curve.points[i];
      if (!std::isfinite(p.y()) || (picture_.logY && p.y() <= 0)) {
        ++dropped_;
        continue;
      }
      points.push_back(p);
      if (i < curve.residuals.size()) residuals.push_back(curve.residuals[i]);
      if (i < curve.band.size()) band.push_back(curve.band[i]);
    }
    curve.points = std::move(points);
    curve.residuals = std::move(residuals);
    curve.band = std::move(band);
  }
  redraw();
}

CurvesChart::Range CurvesChart::range() const {
  const double infinity = std::numeric_limits<double>::infinity();
  Range r{infinity, -infinity, infinity, -infinity};
  for (const RunCurve& curve : picture_.curves)
    for (const QPointF& p : curve.points) {
      r.left = std::min(r.left, p.x()), r.right = std::max(r.right, p.x());
      r.low = std::min(r.low, p.y()), r.high = std::max(r.high, p.y());
    }
  for (const RunCurve& curve : picture_.curves)
    for (std::size_t i = 0; i < curve.band.size(); ++i) {
      r.high = std::max(r.high, curve.points[i].y() + curve.band[i]);
      if (const double low = curve.points[i].y() - curve.band[i]; !picture_.logY) r.low = std::min(r.low, low);
    }
  if (!(r.right > r.left)) r.left = 0, r.right = std::max(1.0, r.right);
  if (r.high < r.low) r.low = picture_.logY ? 0.1 : 0, r.high = 1;
  for (const LimitLine& limit : picture_.limits)
    for (const QPointF& p : limit.points)
      if (p.y() < kLimitReach * r.high) r.high = std::max(r.high, 1.2 * p.y());
  if (picture_.logY) {
    if (r.high < 10 * r.low) {  // at least one labelled power of ten
      r.low = std::pow(10, std::floor(std::log10(r.low)));
      r.high = std::max(r.high, 10 * r.low);
    }
  } else {
    const double margin = r.high > r.low ? 0.04 * (r.high - r.low) : 0.5;
    r.low -= margin, r.high += margin;
  }
  r.left = std::min(r.left, 0.0);
  return r;
}

void CurvesChart::redraw() {
  for (const auto* list : {&names_, &limitNames_})
    for (const auto& [item, at] : *list) delete item;
  names_.clear();
  limitNames_.clear();
  if (plate_ == nullptr) plate_ = new QGraphicsRectItem(chart());
  QColor plate = colours().background;
  plate.setAlphaF(kPlateOpacity);
  plate_->setBrush(plate);
  plate_->setPen(Qt::NoPen);
  plate_->setZValue(99);  // below the names, above every series
  const Range r = range();
  reset({r.left, r.right}, {r.low, r.high}, picture_.logY, picture_.xTitle, picture_.yTitle);
  for (const LimitLine& limit : picture_.limits) addLimit(limit, r);
  for (const EventMark& event : picture_.events) addEvent(event, r);
  for (const RunCurve& curve : picture_.curves) addBand(curve, r.low);
  for (const RunCurve& curve : picture_.curves) {
    if (curve.points.empty()) continue;
    addCurve(curve);
    if (!curve.residuals.empty()) addMeasured(curve, r.low);
    if (!curve.second) addName(curve);
    if (!curve.live || curve.second) continue;
    QLineSeries* at = line(QPen(curve.look.colour, 1, Qt::DotLine));
    at->append(curve.points.back().x(), r.low);
    at->append(curve.points.back().x(), r.high);
    add(at);
  }
  placeNames();
}

void CurvesChart::addBand(const RunCurve& curve, double lowest) {
  if (curve.band.empty() || curve.points.empty()) return;
  auto* upper = new QLineSeries;
  auto* lower = new QLineSeries;
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    upper->append(curve.points[i].x(), curve.points[i].y() + curve.band[i]);
    lower->append(curve.points[i].x(), std::max(lowest, curve.points[i].y() - curve.band[i]));
  }
  auto* area = new QAreaSeries(upper, lower);
  upper->setParent(area);
  lower->setParent(area);
  QColor pale = curve.look.colour;
  pale.setAlphaF(kBandOpacity);
  area->setBrush(pale);
  area->setPen(Qt::NoPen);
  add(area);
}

void CurvesChart::addCurve(const RunCurve& curve) {
  const double smoothing = curve.second ? 0 : picture_.smoothing;
  if (smoothing > 0) {
    CurveLook pale = curve.look;
    pale.colour.setAlphaF(kRawOpacity);
    pale.dashes.clear();
    QLineSeries* raw = line(pale.pen(1));
    replace(raw, decimated(curve.points, kBuckets));
    add(raw);
  }
  const std::vector<QPointF> points = decimated(smoothed(curve.points, smoothing), kBuckets);
  QLineSeries* drawn = line(curve.look.pen(curve.second ? 1.2 : 1.6));
  drawn->setName(curve.name);
  replace(drawn, points);
  add(drawn);
  if (curve.second || !curve.residuals.empty()) return;
  QScatterSeries* marks = scatter(curve.look, false, 7);
  replace(marks, thinned(points, kMarkers));
  add(marks);
}

/// Every value with its residual; bars that nobody could see are left out.
void CurvesChart::addMeasured(const RunCurve& curve, double lowest) {
  std::vector<QPointF> good, poor;
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    const QPointF& p = curve.points[i];
    const double residual = curve.residuals[i];
    (residual > kPoor * std::abs(p.y()) ? poor : good).push_back(p);
    if (!(residual > kSeen * std::abs(p.y()))) continue;
    QLineSeries* bar = line(QPen(curve.look.colour, 1));
    bar->append(p.x(), std::max(lowest, p.y() - residual));
    bar->append(p.x(), p.y() + residual);
    add(bar);
  }
  for (const bool hollow : {false, true}) {
    const std::vector<QPointF>& points = hollow ? poor : good;
    if (points.empty()) continue;
    QScatterSeries* marks = scatter(curve.look, hollow, 7);
    replace(marks, hollow ? points : thinned(points));
    add(marks);
  }
}

void CurvesChart::addEvent(const EventMark& event, const Range& range) {
  QColor colour = event.colour;
  colour.setAlphaF(kEventOpacity);
  QLineSeries* at = line(QPen(colour, 1));
  at->append(event.x, range.low);
  at->append(event.x, range.high);
  add(at);
  connect(at, &QLineSeries::hovered, this, [this, words = event.text](const QPointF&, bool over) {
    if (over) QToolTip::showText(QCursor::pos(), words, this);
    else QToolTip::hideText();
  });
}

void CurvesChart::addLimit(const LimitLine& limit, const Range& range) {
  QPen pen(colours().text, 1);
  pen.setDashPattern({6, 4});
  QLineSeries* drawn = line(pen);
  std::vector<QPointF> seen;
  for (const QPointF& p : limit.points)
    if (p.y() >= range.low && p.y() <= range.high) seen.push_back(p);
  replace(drawn, decimated(seen, kBuckets));
  add(drawn);
  if (!seen.empty()) limitNames_.emplace_back(text(limit.name, colours().text), seen[seen.size() / 2]);
}

QGraphicsSimpleTextItem* CurvesChart::text(const QString& words, const QColor& colour) {
  auto* item = new QGraphicsSimpleTextItem(words, chart());
  QFont font = this->font();
  font.setPixelSize(11);
  item->setFont(font);
  item->setBrush(colour);
  item->setZValue(100);  // above every series
  return item;
}

void CurvesChart::addName(const RunCurve& curve) {
  QGraphicsSimpleTextItem* name = text(curve.name, curve.look.colour);
  QFont bold = name->font();
  bold.setBold(true);
  name->setFont(bold);
  names_.emplace_back(name, curve.points.back());
}

/// Where the curves are, in pixels of the chart; along the lines between their points too.
std::vector<QPointF> CurvesChart::drawnPoints() const {
  std::vector<QPointF> points;
  for (QAbstractSeries* series : chart()->series()) {
    const auto* curve = qobject_cast<const QXYSeries*>(series);
    if (curve == nullptr || curve->count() <= 2) continue;
    std::optional<QPointF> last;
    for (const QPointF& p : curve->points()) {
      const QPointF at = chart()->mapToPosition(p, series);
      const int between = last && qobject_cast<const QLineSeries*>(series) != nullptr ? static_cast<int>((at - *last).manhattanLength() / kBetween) : 0;
      for (int i = 1; i <= between; ++i) points.push_back(*last + (at - *last) * i / (between + 1));
      points.push_back(at);
      last = at;
    }
  }
  return points;
}

/// Names stand on a plate in the corner where they cover least, at the right if it does not matter; those of limits above their middle.
void CurvesChart::placeNames() {
  if (plate_ == nullptr) return;
  plate_->hide();
  if (chart()->series().isEmpty()) return;
  const QRectF plot = chart()->plotArea();
  const auto place = [this](const QPointF& at) { return chart()->mapToPosition(at, chart()->series().first()); };
  for (const auto& [item, at] : limitNames_) {
    const QRectF box = item->boundingRect();
    item->setPos(place(at).x() - box.width() / 2, std::max(plot.top(), place(at).y() - box.height() - 2));
  }
  plate_->setVisible(!names_.empty());
  if (names_.empty()) return;
  double width = 0;
  for (const auto& [item, at] : names_) width = std::max(width, item->boundingRect().width());
  const QSizeF size(width + 8, kRow * static_cast<double>(names_.size()) + 4);
  const double left = plot.left() + 4, right = plot.right() - size.width() - 2, top = plot.top() + 2, bottom = plot.bottom() - size.height() - 2;
  const std::vector<QPointF> drawn = drawnPoints();
  QRectF best;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  for (const QPointF& corner : {QPointF(right, bottom), QPointF(right, top), QPointF(left, bottom), QPointF(left, top)}) {
    const QRectF plate(corner, size);
    const auto count = static_cast<std::size_t>(std::ranges::count_if(drawn, [&](const QPointF& p) { return plate.contains(p); }));
    if (count < least) least = count, best = plate;
  }
  plate_->setRect(best);
  double y = best.top() + 2;
  for (const auto& [item, at] : names_) {
    item->setPos(best.left() < plot.center().x() ? best.left() + 4 : best.right() - item->boundingRect().width() - 4, y);
    y += kRow;
  }
}

void CurvesChart::resizeEvent(QResizeEvent* event) {
  AxesChart::resizeEvent(event);
  placeNames();
}

}  // namespace ui
