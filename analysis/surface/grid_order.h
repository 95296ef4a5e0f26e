// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/surface/surface_grid.h"

namespace analysis {

/// Where 0 lies on an axis, in cells from its start.
double zeroPosition(const AxisSpec& axis);

/// from + (to - from) i / (size - 1), with both ends exact and the grid's zero exactly 0. The axis must be valid (validate()).
std::vector<double> coordinates(const AxisSpec& axis);

struct GridPoint {
  std::int64_t column = 0, row = 0;
};

/// The points that a level adds: behind it every column and row that is a multiple of `stride` is there.
struct GridLevel {
  std::int64_t stride = 1;
  std::string name;  ///< "9 x 9"
  std::vector<GridPoint> points;
};

using GridOrder = std::vector<GridLevel>;

/// Sides 2^k + 1 are refined in nested levels from about 5 points a side on (5, 9, 17, 33, ...), each point in exactly one level; other
/// sides in one pass. A side of 1 (a slice's rows) follows the other.
GridOrder gridOrder(std::int64_t columns, std::int64_t rows);

/// Where both coordinates are exactly 0, row-major.
std::size_t centreIndex(const SurfaceGrid& grid);

}  // namespace analysis
