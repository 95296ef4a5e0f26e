// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/check/oddities.h"
#include "analysis/export/result_file.h"

/// What can be told from a surface's numbers alone: no run is read, nothing is evaluated.
namespace analysis {

/// A cell that stands out from its neighbours.
struct Spike {
  std::int64_t row = 0, column = 0;
  double value = 0, neighbours = 0;  ///< its loss, and the median of theirs
};

/// Cells above all their neighbours (within two rows and columns) or below them all by more than twice what those differ by, in logarithms by as much as they do. The centre is none: a sharp minimum is one.
std::vector<Spike> spikesOf(const SurfaceGrid& grid);

/// Finite losses: smallest, largest and the span between them; NaN where there are none.
struct LossRange {
  double low, high, span;
};
LossRange rangeOf(const SurfaceGrid& grid);

/// Index of the cell at (0, 0), or -1: a foreign surface may have none.
std::int64_t centreCell(const SurfaceGrid& grid);

/// Each looked for, in this order:
///
///   lowest-point    (L(0,0) - min L) / span; found above 1e-3 (or the precision's rounding)
///   symmetry        sum |L(p) - L(-p)| / sum |L(p) + L(-p) - 2 L(0)| over the cells that have a mirror; found above 1/2 (one side rises three times as much)
///   cells           not computed, NaN or infinite
///   log-scale       losses <= 0
///   row-shift       of every other row by s = -1, 0, 1 against the mean of the rows beside it: found where another s than 0 leaves less than a quarter of the squares
///   axis-angle      |cosine|; found above 0.1
///   axis-lengths    ||d1|| (to - from) against ||d2|| (to - from), the larger over the smaller; found above 4
///   pca-variance    of the checkpoints in the plane, less a random walk's share; found below 0.05
///   trajectory      largest share of a checkpoint's squared distance from the centre that is out of the plane; found above 1/2
///   equal-settings  what differs from the surfaces beside it
///   equal-scales    spans of the losses, the largest over the smallest; found above 3/2
/// Cost: a few passes over the grid.
std::vector<Finding> gridOddities(const SurfaceResult& surface, const std::vector<SurfaceResult>& beside);

/// Its parts: what the losses say, and what the axes, the trajectory and the surfaces beside it say.
std::vector<Finding> lossOddities(const SurfaceGrid& grid);
std::vector<Finding> axisOddities(const SurfaceResult& surface, const std::vector<SurfaceResult>& beside);

}  // namespace analysis
