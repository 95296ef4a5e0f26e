// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace analysis {

/// A curve of a spectral density, for display: nothing is measured again.
struct DensityCurve {
  std::vector<double> x, y;  ///< eigenvalue; density, which integrates to 1
};

/// (largest - smallest node) / steps: what one quadrature of `steps` nodes can tell apart. 1 where all nodes are equal.
double defaultWidth(const std::vector<double>& nodes, std::int64_t steps);

/// sum_i w_i N(x; node_i, width^2) on `points` x evenly from the smallest node less 3 widths to the largest and 3 more. Cost: nodes x points.
/// @throws std::invalid_argument  no nodes, another number of weights, width not above 0, fewer than 2 points
DensityCurve smoothDensity(const std::vector<double>& nodes, const std::vector<double>& weights, double width, std::int64_t points);

}  // namespace analysis
