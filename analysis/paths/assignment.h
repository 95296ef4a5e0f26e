// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace analysis {

/// column[i] for each row i of a square matrix [n,n] of gains, row-major, so that sum_i gain[i, column[i]] is the largest there is.
///
/// Shortest augmenting paths with dual prices (Jonker, Volgenant 1987), O(n^3): 512 units take well under a second. Its own sixty lines, because a library for one
/// function would be a dependency more, and because equal gains must give equal assignments everywhere (the first of equals wins).
/// @throws std::invalid_argument a size that is not a square's, or a gain that is not finite
std::vector<std::int64_t> largestAssignment(std::span<const double> gains, std::int64_t n);

}  // namespace analysis
