// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/scatter_chart.h"

#include <QCursor>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/scenes/height_scale.h"

namespace ui {
namespace {

constexpr double kLogFrom = 30, kMargin = 0.07, kFewest = 12;  ///< up to so many points each has its name beside it
constexpr qreal kSize = 10, kSelected = 18;

QPointF padded(double low, double high, bool log) {
  if (log) {
    const double factor = std::pow(high / low, kMargin);
    return {low / factor, high * factor};
  }
  const double room = high > low ? kMargin * (high - low) : std::max(0.1 * std::abs(high), 1e-12);
  return {low - room, high + room};
}

}  // namespace

void ScatterChart::show(std::vector<ScatterPoint> points, const QString& xTitle, const QString& yTitle) {
  const std::size_t before = points.size();
  std::erase_if(points, [](const ScatterPoint& p) { return !std::isfinite(p.x) || !std::isfinite(p.y); });
  left_ = static_cast<int>(before - points.size());
  if (points == points_ && xTitle == xTitle_ && yTitle == yTitle_) return;
  points_ = std::move(points);
  xTitle_ = xTitle;
  yTitle_ = yTitle;
  redraw();
}

bool ScatterChart::logarithmic() const {
  if (points_.empty()) return false;
  const auto [low, high] = std::ranges::minmax_element(points_, {}, &ScatterPoint::x);
  return low->x > 0 && high->x > kLogFrom * low->x;
}

void ScatterChart::redraw() {
  if (points_.empty()) {
    reset({0, 1}, {0, 1}, false, xTitle_, yTitle_);
    return;
  }
  const auto [left, right] = std::ranges::minmax_element(points_, {}, &ScatterPoint::x);
  const auto [low, high] = std::ranges::minmax_element(points_, {}, &ScatterPoint::y);
  const bool log = logarithmic();
  reset(padded(left->x, right->x, log), padded(low->y, high->y, false), false, log ? xTitle_ + QStringLiteral(" (log)") : xTitle_, yTitle_, log);
  for (const ScatterPoint& point : points_) addPoint(point);
}

void ScatterChart::addPoint(const ScatterPoint& point) {
  if (point.selected) {
    CurveLook ring = point.look;
    ring.colour = colours().accent;
    ring.marker = CurveLook::Marker::circle;
    QScatterSeries* around = scatter(ring, true, kSelected);
    around->append(point.x, point.y);
    add(around);
  }
  QScatterSeries* mark = scatter(point.look, false, kSize);
  mark->setName(point.name);
  mark->append(point.x, point.y);
  add(mark);
  if (static_cast<double>(points_.size()) <= kFewest) addText(point.name, point.look.colour, {point.x, point.y});
  const QString words = QStringLiteral("%1: %2, %3").arg(point.name, QString::fromStdString(numberText(point.x, 5)), QString::fromStdString(numberText(point.y, 5)));
  connect(mark, &QScatterSeries::hovered, this, [this, words](const QPointF&, bool over) {
    if (over) QToolTip::showText(QCursor::pos(), words, this);
    else QToolTip::hideText();
  });
  connect(mark, &QScatterSeries::clicked, this, [this, folder = point.folder] { emit clicked(folder); });
}

}  // namespace ui
