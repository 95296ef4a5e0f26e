// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/density_chart.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "ui/scenes/height_scale.h"

namespace ui {
namespace {

constexpr double kReach = 8;         ///< a Gaussian this many sigma away is below 1e-14 of its peak
constexpr double kDecades = 6;       ///< of the log axis
constexpr double kPointsASigma = 4;
constexpr int kLeast = 400, kMost = 3000;

}  // namespace

QPointF nodeRange(const std::vector<DensityCurve>& curves) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const DensityCurve& curve : curves) {
    for (const double node : curve.nodes) low = std::min(low, node), high = std::max(high, node);
  }
  return low < high ? QPointF(low, high) : QPointF(0, 1);
}

std::vector<QPointF> smoothedDensity(const DensityCurve& curve, double sigma, double from, double to, int count) {
  std::vector<QPointF> points(static_cast<std::size_t>(count));
  const double spacing = (to - from) / (count - 1);
  for (int i = 0; i < count; ++i) points[static_cast<std::size_t>(i)] = {from + i * spacing, 0};
  for (std::size_t n = 0; n < curve.nodes.size(); ++n) {
    const double height = curve.weights[n] / (sigma * std::sqrt(2 * std::numbers::pi));
    const int first = std::max(0, static_cast<int>(std::ceil((curve.nodes[n] - kReach * sigma - from) / spacing)));
    const int last = std::min(count - 1, static_cast<int>(std::floor((curve.nodes[n] + kReach * sigma - from) / spacing)));
    for (int i = first; i <= last; ++i) {
      const double t = (points[static_cast<std::size_t>(i)].x() - curve.nodes[n]) / sigma;
      points[static_cast<std::size_t>(i)].ry() += height * std::exp(-t * t / 2);
    }
  }
  return points;
}

void DensityChart::show(std::vector<DensityCurve> curves, double sigma) {
  curves_ = std::move(curves);
  sigma_ = sigma;
  redraw();
}

void DensityChart::redraw() {
  const QPointF range = nodeRange(curves_);
  const double margin = std::max(4 * sigma_, 0.03 * (range.y() - range.x()));
  const double from = range.x() - margin, to = range.y() + margin;
  const int count = std::clamp(static_cast<int>(kPointsASigma * (to - from) / sigma_), kLeast, kMost);
  double peak = 0;
  std::vector<std::vector<QPointF>> drawn;
  for (const DensityCurve& curve : curves_) {
    drawn.push_back(smoothedDensity(curve, sigma_, from, to, count));
    for (const QPointF& p : drawn.back()) peak = std::max(peak, p.y());
  }
  const double top = peak > 0 ? std::pow(10, std::ceil(std::log10(peak))) : 1, bottom = top * std::pow(10, -kDecades);
  reset({from, to}, {bottom, top}, true, QStringLiteral("\u03BB"), QStringLiteral("density (log)"));
  for (std::size_t i = 0; i < curves_.size(); ++i) {
    for (QPointF& p : drawn[i]) p.ry() = std::max(p.y(), bottom);  // a log axis has no 0
    QLineSeries* series = line(curves_[i].look.pen(1.6));
    series->setName(curves_[i].name);
    series->replace(QList<QPointF>(drawn[i].begin(), drawn[i].end()));
    add(series);
  }
  double height = 0.75;  // of the axis, in decades from the bottom; each label below the one before
  for (const DensityCurve& curve : curves_) {
    if (!curve.largest || *curve.largest < from || *curve.largest > to) continue;
    const QPointF end(*curve.largest, bottom * std::pow(10, kDecades * height));
    QPen pen(curve.look.colour, 1);
    pen.setDashPattern({2, 2});
    QLineSeries* leader = line(pen);
    leader->append(end.x(), bottom);
    leader->append(end);
    add(leader);
    addText(QStringLiteral("\u03BB\u2081 %1 %2").arg(curve.name, QString::fromStdString(numberText(*curve.largest, 4))), curve.look.colour, end, true);
    height = height < 0.3 ? 0.75 : height - 0.13;
  }
}

}  // namespace ui
