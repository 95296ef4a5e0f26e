// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/sharpness/sharpness.h"
#include "trainer/base/context.h"

namespace analysis {

/// How much the loss rises around a checkpoint: worst case, one step and average case over a grid of rho, plain and adaptive; gradient norm; the penalty's and
/// SAM's objectives; the error of the penalty's difference; on request relative flatness and PAC-Bayes sigma.
/// Cost: (iterations + 1)(restarts + 1) gradients and evaluations a worst case, one evaluation a one-step, `draws` an average case.
/// A stop returns what is there (`stopped`).
/// @throws std::invalid_argument (an unknown word, a rho <= 0, fewer than 20 draws, a group above the samples), DataError, IoError, NumericalError,
///         Cancelled before the first number
Sharpness measureSharpness(const SharpnessSpec& spec, const trainer::Context& context);

/// Checks everything that can be checked without the run. @throws std::invalid_argument
void validate(const SharpnessSpec& spec);

}  // namespace analysis
