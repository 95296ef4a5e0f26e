// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/paths/permutations.h"
#include "trainer/base/context.h"

namespace analysis {

struct Match {
  Permutations permutations;  ///< of the second network's units
  double distanceBefore = 0;  ///< ||a - b||
  double distanceAfter = 0;   ///< ||a - permuted b||; never larger
  std::int64_t rounds = 0;    ///< over all groups; the last one moved nothing
  std::int64_t moved = 0;     ///< units that have another place
};

/// Places for the units of `b` [P] that bring it near `a` [P]: coordinate descent over the groups, in a new random order each round, each by the assignment that
/// brings the two nearest with all other groups as they are. Ends where a round changes nothing: a local minimum, not always the nearest there is.
/// Cost of a round: P n multiplications and n^3 for each group of n units. @throws Cancelled
/// Source: Ainsworth, Hayase, Srinivasa, Git Re-Basin, 2023, algorithm 1.
Match matchPermutations(const std::vector<PermutationGroup>& groups, const at::Tensor& a, const at::Tensor& b, std::uint64_t seed, const trainer::Context& context);

}  // namespace analysis
