// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <vector>

#include "analysis/bench/bench.h"
#include "trainer/base/context.h"

/// Timing of pieces of work beside each other, so that what else the machine does meets all alike.
namespace analysis {

/// Some work; a number of what it returns is read, which waits for the device.
using Piece = std::function<at::Tensor()>;

struct TurnOptions {
  double seconds = 1;                  ///< no round begins later, but for the least
  std::int64_t least = 3, most = 20;   ///< rounds
  double piece = 0;                    ///< a shorter piece is done several times in a row (at most 20), to last about so long; its seconds are those of once
};

/// Seconds [piece][round]. A round is every piece once, forwards and backwards by turns; one round before the first is not counted.
/// @throws Cancelled between two pieces
std::vector<std::vector<double>> timeInTurn(const std::vector<Piece>& pieces, const TurnOptions& options, const trainer::Context& context);

/// The median over the values and the two of them, as near to it as may be, between which the true median lies with a probability of at least 0.95 (order statistics:
/// no distribution is assumed); below six values the smallest and the largest, with the coverage 1 - 2^(1-n) that they have. An even number has the mean of the two in the middle.
/// @throws std::invalid_argument for no values
BenchQuantity medianOf(std::string name, std::vector<double> values);

/// The median of work[i] / (times unit[i]). @throws std::invalid_argument for different sizes
BenchQuantity medianRatio(std::string name, const std::vector<double>& work, const std::vector<double>& unit, double times = 1);

/// A number that is the same each time.
BenchQuantity counted(std::string name, double value);

}  // namespace analysis
