// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/section_chart.h"

#include <QLineSeries>
#include <algorithm>
#include <cmath>
#include <limits>

namespace ui {
namespace {

/// Linear between neighbours; NaN outside.
double valueAt(const std::vector<QPointF>& points, double x) {
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    if (x < points[i].x() || x > points[i + 1].x()) continue;
    const double t = (x - points[i].x()) / (points[i + 1].x() - points[i].x());
    return points[i].y() + t * (points[i + 1].y() - points[i].y());
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

void SectionChart::show(std::vector<SectionCurve> curves, double at, const QString& axisTitle, const QString& valueTitle, bool logY) {
  curves_ = std::move(curves);
  at_ = at;
  title_ = axisTitle;
  valueTitle_ = valueTitle;
  logY_ = logY;
  dropped_ = 0;
  for (SectionCurve& curve : curves_) {
    if (logY_) dropped_ += static_cast<std::int64_t>(std::erase_if(curve.points, [](const QPointF& p) { return p.y() <= 0; }));
  }
  redraw();
}

void SectionChart::redraw() {
  const double infinity = std::numeric_limits<double>::infinity();
  QPointF x(infinity, -infinity), y(infinity, -infinity);
  for (const SectionCurve& curve : curves_) {
    for (const QPointF& p : curve.points) {
      x = {std::min(x.x(), p.x()), std::max(x.y(), p.x())};
      y = {std::min(y.x(), p.y()), std::max(y.y(), p.y())};
    }
  }
  if (x.x() >= x.y()) {
    reset({-1, 1}, logY_ ? QPointF(0.1, 10) : QPointF(0, 1), logY_, title_, valueTitle_);
    return;
  }
  if (y.x() >= y.y()) y = logY_ ? QPointF(y.x() / 2, y.x() * 2) : QPointF(y.x() - 0.5, y.x() + 0.5);
  if (!logY_) y = {y.x() >= 0 && y.x() < 0.25 * y.y() ? 0 : y.x(), y.y() + 0.04 * (y.y() - y.x())};
  reset(x, y, logY_, title_, valueTitle_);
  for (const SectionCurve& curve : curves_) addCurve(curve);
  QLineSeries* cursor = line(QPen(colours().accent, 1));
  cursor->append(at_, y.x());
  cursor->append(at_, y.y());
  add(cursor);
  for (const SectionCurve& curve : curves_) {
    const double value = valueAt(curve.points, curve.at);
    if (!std::isfinite(value)) continue;
    QScatterSeries* ring = scatter({.colour = curve.look.colour, .dashes = {}, .marker = CurveLook::Marker::circle}, true, 8);
    ring->append(curve.at, value);
    add(ring);
  }
}

void SectionChart::addCurve(const SectionCurve& curve) {
  if (curve.points.empty()) return;
  QLineSeries* series = line(curve.look.pen(1.6));
  series->setName(curve.name);
  series->replace(QList<QPointF>(curve.points.begin(), curve.points.end()));
  add(series);
  QScatterSeries* marks = scatter(curve.look, false, 6);
  const std::size_t step = std::max<std::size_t>(1, curve.points.size() / 8);
  QList<QPointF> marked;
  for (std::size_t i = 0; i < curve.points.size(); i += step) marked.append(curve.points[i]);
  marks->replace(marked);
  add(marks);
}

}  // namespace ui
