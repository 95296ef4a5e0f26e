// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/band_chart.h"

#include <QAreaSeries>
#include <algorithm>
#include <cmath>
#include <limits>

namespace ui {
namespace {

constexpr double kBandOpacity = 0.18;

/// Low and high of what is seen, with room around it.
struct Extent {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();

  void include(double v) { low = std::min(low, v), high = std::max(high, v); }
  QPointF range(bool log, double margin) const {
    if (!(low <= high)) return log ? QPointF(0.1, 10) : QPointF(0, 1);
    if (log) {
      const double factor = std::max(1.15, std::pow(high / low, margin));
      QPointF out(low / factor, high * factor);
      if (out.y() < 10 * out.x()) out = {std::pow(10, std::floor(std::log10(low))), std::pow(10, std::ceil(std::log10(high) + 1e-9))};  // two labelled powers
      return out;
    }
    const double room = high > low ? margin * (high - low) : std::max(0.1 * std::abs(high), 1e-12);
    return {low - room, high + room};
  }
};

}  // namespace

void BandChart::show(std::vector<BandCurve> curves, const BandAxes& axes) {
  curves_ = std::move(curves);
  axes_ = axes;
  dropped_ = 0;
  for (BandCurve& curve : curves_) {
    for (std::size_t i = curve.points.size(); i-- > 0;) {
      const QPointF& p = curve.points[i];
      const bool refused = !std::isfinite(p.y()) || (axes_.logY && p.y() <= 0) || (axes_.logX && p.x() <= 0);
      if (!refused) continue;
      ++dropped_;
      curve.points.erase(curve.points.begin() + static_cast<std::ptrdiff_t>(i));
      if (!curve.errors.empty()) curve.errors.erase(curve.errors.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  redraw();
}

void BandChart::redraw() {
  Extent x, y;
  for (const BandCurve& curve : curves_) {
    for (std::size_t i = 0; i < curve.points.size(); ++i) {
      const double error = curve.errors.empty() ? 0 : curve.errors[i];
      x.include(curve.points[i].x());
      y.include(curve.points[i].y() + error);
      y.include(axes_.logY && curve.points[i].y() <= error ? curve.points[i].y() / 2 : curve.points[i].y() - error);
    }
    if (curve.extrapolated) {
      x.include(curve.extrapolated->x());
      y.include(curve.extrapolated->y() + curve.extrapolationError);
      if (!axes_.logY) y.include(curve.extrapolated->y() - curve.extrapolationError);
    }
  }
  QPointF across = x.range(axes_.logX, 0.05);
  if (axes_.fromZero && !axes_.logX) across.setX(std::min(0.0, x.low) - 0.02 * (across.y() - std::min(0.0, x.low)));
  const QPointF up = y.range(axes_.logY, 0.06);
  reset(across, up, axes_.logY, axes_.xTitle, axes_.yTitle, axes_.logX);
  for (const BandCurve& curve : curves_) addBand(curve, up.x());
  for (const BandCurve& curve : curves_) {
    if (curve.points.empty()) continue;
    QLineSeries* series = line(curve.look.pen(1.6));
    series->setName(curve.name);
    series->replace(QList<QPointF>(curve.points.begin(), curve.points.end()));
    add(series);
    QScatterSeries* marks = scatter(curve.look, false, 7);
    marks->replace(QList<QPointF>(curve.points.begin(), curve.points.end()));
    add(marks);
    addExtrapolation(curve, up.x());
  }
}

void BandChart::addBand(const BandCurve& curve, double lowest) {
  if (curve.errors.empty() || curve.points.empty()) return;
  auto* upper = new QLineSeries;
  auto* lower = new QLineSeries;
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    upper->append(curve.points[i].x(), curve.points[i].y() + curve.errors[i]);
    lower->append(curve.points[i].x(), std::max(lowest, curve.points[i].y() - curve.errors[i]));
  }
  auto* band = new QAreaSeries(upper, lower);
  upper->setParent(band);
  lower->setParent(band);
  QColor pale = curve.look.colour;
  pale.setAlphaF(kBandOpacity);
  band->setBrush(pale);
  band->setPen(Qt::NoPen);
  add(band);
}

void BandChart::addExtrapolation(const BandCurve& curve, double lowest) {
  if (!curve.extrapolated) return;
  const QPointF& at = *curve.extrapolated;
  const auto nearest = std::ranges::min_element(curve.points, {}, [&](const QPointF& p) { return std::abs(p.x() - at.x()); });
  QPen dotted(curve.look.colour, 1.2);
  dotted.setDashPattern({1, 3});
  QLineSeries* joint = line(dotted);
  joint->append(*nearest);
  joint->append(at);
  add(joint);
  if (curve.extrapolationError > 0) {
    QLineSeries* bar = line(QPen(curve.look.colour, 1));
    bar->append(at.x(), std::max(lowest, at.y() - curve.extrapolationError));
    bar->append(at.x(), at.y() + curve.extrapolationError);
    add(bar);
  }
  QScatterSeries* ring = scatter(curve.look, true, 9);
  ring->append(at);
  add(ring);
}

}  // namespace ui
