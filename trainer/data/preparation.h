// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trainer/data/dataset.h"

/// What loadData() does between reading and training, in this order. permutation, deriveSeed and RandomStream are those of base/random.h.
namespace trainer {

/// The first `limit` items of train; validation and test stay. @throws std::invalid_argument below 1 or above the number there is.
void limitTraining(DataSplit& split, std::int64_t limit);

/// Moves a share F of train into validation, class by class: of the m items of a class min(floor(F m + 1/2), m - 1), so that each keeps one.
/// Items are visited in the order permutation(N, deriveSeed(seed, "validation")) and taken until their class has its number; both parts keep
/// file order. Tokens count as one class. @throws std::invalid_argument for F outside [0, 1), or F > 0 that takes nothing.
void splitValidation(DataSplit& split, double share, std::uint64_t seed);

/// Fills mean and deviation (population) of inputs / scale per channel from train; a constant channel gets the deviation 1, tokens mean 0 and
/// deviation 1. Bytes: from exact counts. Real numbers: sums in double, item by item, the same for any number of threads.
/// @throws DataError when the values are too large for their squares.
void computeNormalisation(DataSplit& split);

/// Replaces floor(F M + 1/2) of the M labels of train (tokens: M = N T, row by row), classes 0..C-1: those at the first places of
/// permutation(M, deriveSeed(seed, "label-noise")); the k-th of them, with r the k-th draw of RandomStream(deriveSeed(seed, "label-noise/class"))
/// .below(C - 1), becomes r where r is below the old label and r + 1 otherwise. @throws std::invalid_argument for F outside [0, 1] or one class.
void addLabelNoise(DataSplit& split, double share, std::uint64_t seed);

}  // namespace trainer
