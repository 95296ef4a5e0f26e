// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <vector>

#include "analysis/figure/figure.h"

namespace analysis {

struct PlanePoint {
  double x = 0, y = 0;
  bool operator==(const PlanePoint&) const = default;
};
using Segment = std::array<PlanePoint, 2>;

/// Where the field, linear along the edges of its cells, has the value `level`: marching squares, saddles decided by the mean of the four
/// corners. Cells with a corner that is not finite have no lines.
std::vector<Segment> contourSegments(const Field& field, double level);

/// Where a value lies in the field's colour range: 0 at `from`, 1 at `to`, not clamped; NaN for what a log scale cannot show.
double colourFraction(const Field& field, double value);

}  // namespace analysis
