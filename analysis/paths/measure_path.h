// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/paths/path.h"
#include "trainer/base/context.h"

namespace analysis {

/// How far a path rises above the straight line between its ends' values, and where: 0 at t = 0 where it does not. NaN where a loss is none.
struct Barrier {
  double height = 0, at = 0;
};
Barrier barrierOf(const std::vector<double>& loss, const std::vector<double>& t);

/// Loss and accuracy on the straight line between two runs, with their barriers; with `match` also to the other run with its units permuted, with `curveSteps`
/// also along a trained Bezier curve between the two as they are. A stop returns what is there (`stopped`).
///
/// Running statistics: by default (`interpolated`) they move along the line, and the permuted ones along the matched line; `recomputed` re-estimates them at each
/// point, and alone suits the curve of a network with batch norm; `eval` keeps those of the first run everywhere.
/// Cost: one forward pass over both sets a point; see matchPermutations() and trainBezier().
/// @throws std::invalid_argument  another network; points < 3; no permutations known; a curve under another policy
/// @throws DataError, IoError, DeviceError, NumericalError (also: the permuted network does not compute the same)
Path measurePath(const PathSpec& spec, const trainer::Context& context);

}  // namespace analysis
