// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/axis_units.h"

#include <cmath>

#include "ui/scenes/height_probe.h"
#include "ui/scenes/height_scale.h"

namespace ui {
namespace {

/// How far from 0 the rise is reached in one direction; NaN where it is not. `at` gives the loss of a coordinate.
template <class Loss>
double reach(const std::vector<double>& axis, std::int64_t stride, double sign, double target, const Loss& at) {
  double before = 0, beforeLoss = at(0.0);
  const auto count = static_cast<std::int64_t>(axis.size());
  for (std::int64_t i = sign > 0 ? 0 : count - 1; i >= 0 && i < count; i += static_cast<std::int64_t>(sign) * stride) {
    const double t = axis[static_cast<std::size_t>(i)];
    if (t * sign <= 0) continue;
    const double loss = at(t);
    if (!std::isfinite(loss)) break;
    if (loss >= target) return std::abs(before + (t - before) * (target - beforeLoss) / (loss - beforeLoss));
    before = t;
    beforeLoss = loss;
  }
  return std::nan("");
}

UnitFactor riseFactor(const SurfaceSnapshot& surface, int axis, double rise) {
  SurfaceSnapshot losses = surface;
  losses.layer = SurfaceLayer::loss;
  const auto at = [&](double t) {
    const auto reading = axis == 0 ? readSurface(losses, t, 0) : readSurface(losses, 0, t);
    return reading ? reading->loss : std::nan("");
  };
  const double target = at(0) + rise;
  const auto& values = axis == 0 ? surface.grid->x : surface.grid->y;
  const double up = reach(values, surface.stride, 1, target, at), down = reach(values, surface.stride, -1, target, at);
  const double step = std::isfinite(up) && std::isfinite(down) ? (up + down) / 2 : std::isfinite(up) ? up : down;
  if (std::isfinite(step) && step > 0) return {.factor = 1 / step};
  return {.factor = 1, .problem = QStringLiteral("The loss does not rise by %1 along %2 here: raw units.").arg(rise).arg(axis == 0 ? QLatin1Char('x') : QLatin1Char('y'))};
}

}  // namespace

UnitFactor unitFactor(const SurfaceSnapshot& surface, int axis, AxisUnit unit, double rise) {
  if (!surface || unit == AxisUnit::raw) return {};
  const analysis::SurfaceGrid& grid = *surface.grid;
  if (unit == AxisUnit::rise) return riseFactor(surface, axis, rise);
  const auto i = static_cast<std::size_t>(axis);
  if (!(grid.thetaNorm > 0) || i >= grid.directionNorms.size())
    return {.factor = 1, .problem = QStringLiteral("This surface was kept without \u2016\u03B8\u2016: raw units. Compute it again.")};
  return {.factor = grid.directionNorms[i] / grid.thetaNorm};
}

QString nameWithUnit(const QString& name, AxisUnit unit, double rise) {
  if (unit == AxisUnit::theta) return name + QStringLiteral(" / \u2016\u03B8\u2016");
  if (unit == AxisUnit::rise) return QStringLiteral("%1, steps of +%2").arg(name, QString::fromStdString(numberText(rise, 3)));
  return name;
}

}  // namespace ui
