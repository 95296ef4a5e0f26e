// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "ui/scenes/surface_snapshot.h"

namespace ui {

/// What the ticks of an axis count. The data stay: only what is written changes.
enum class AxisUnit {
  raw,    ///< the coordinate itself, in lengths of the direction
  theta,  ///< distance from the centre over the norm of the weights: t ||d|| / ||theta||
  rise,   ///< in steps that raise the loss by a given amount: t / s, L(s d) - L(0) = amount
};

struct AxisUnits {
  AxisUnit x = AxisUnit::raw, y = AxisUnit::raw;
  double rise = 0.1;  ///< the amount
  bool operator==(const AxisUnits&) const = default;
  AxisUnit of(int axis) const { return axis == 0 ? x : y; }
};

/// What a coordinate is multiplied by; where it cannot be said, 1 and why not, a sentence.
struct UnitFactor {
  double factor = 1;
  QString problem = {};
};

/// The step of the rise is found on the line through the centre, linear between grid points: the mean of both sides, or the one that reaches the amount.
UnitFactor unitFactor(const SurfaceSnapshot& surface, int axis, AxisUnit unit, double rise);

/// "v1", "v1 / ||theta||", "v1 in steps of +0.1".
QString nameWithUnit(const QString& name, AxisUnit unit, double rise);

}  // namespace ui
