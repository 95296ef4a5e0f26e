// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/bench/bench.h"
#include "trainer/base/context.h"

namespace analysis {

/// What products, training steps and grid points cost on this machine in units of simpler things (bench_targets.h), on made-up images: no file is read.
///
/// Ratios are of two pieces of work that are timed in turn, a pair a round: the median over the rounds (up to 20) with its interval. The budget goes to the networks by the square
/// root of their gradient's seconds; what one leaves goes to those behind it. Cost: about the budget, and at least three rounds of products, steps and grid points a network.
/// @throws std::invalid_argument (no or unknown networks, one twice, a budget that is not > 0, an unknown precision), DeviceError, NumericalError; Cancelled before the first number
Bench measureBench(const BenchSpec& spec, const trainer::Context& context);

}  // namespace analysis
