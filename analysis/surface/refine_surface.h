// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "analysis/surface/grid_order.h"

namespace analysis {

/// What refineSurface needs besides the grid.
struct RefineRequest {
  double tolerance = 0.01;
  std::uint64_t seed = 0;                    ///< of the draws of held-back points
  std::function<void(GridPoint)> evaluate;   ///< writes train, test and computed there; may throw to stop
  std::function<void(std::int64_t)> planned; ///< told how many evaluations are known to be ahead; may be empty
  std::function<void()> shown;               ///< after each level that evaluated: the grid's open points hold what is interpolated so far; may be empty
};

/// Fills a grid with sides 2^k + 1 by few evaluations, the rest by interpolation (DyadicInterpolant), and says how far off that is (ErrorPromise).
///
/// Nine points along the shorter side are computed. From there on the error of each new point of a level is predicted from the surplus (what the same prediction was off by) of
/// the level before within one of its cells, times the ratio of that to the surplus of the level before it (within [1/8, 1]: the observed order of convergence, at most that of
/// cubics less a margin): where twice that exceeds the tolerance it is computed. So refinement follows kinks, corners and walls, point by point, in train and test loss alike; between a
/// finite and a diverged neighbour every level computes. Then the held-back draws of ErrorPromise: where a quarter of a draw exceeds, the coarsest open level is completed; else the coarsest
/// open level around each point that does; the margin of the prediction grows by half each time.
/// What is computed already (a continued result) is used and not computed again.
/// Cost beside the evaluations: about 1 us a grid point and draw. On return grid.computed marks what was evaluated, grid.interpolated what was not, grid.promise the error.
void refineSurface(SurfaceGrid& grid, const RefineRequest& request);

/// What every grid takes: nine points along the shorter side with as many of the same spacing along the other, and a draw; no more than it has.
std::int64_t leastEvaluations(std::int64_t columns, std::int64_t rows);

/// Whether both sides nest from nine points on; else what is wrong, for a message: "51 x 51: sides of 2^k + 1 are needed, the nearest is 65 x 65".
std::string whyNotNested(std::int64_t columns, std::int64_t rows);

}  // namespace analysis
