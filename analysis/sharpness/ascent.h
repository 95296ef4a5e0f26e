// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analysis/objective.h"
#include "analysis/sharpness/ball.h"

namespace analysis {

struct AscentOptions {
  double rho = 0;
  std::int64_t iterations = 20;
  std::int64_t restarts = 1;  ///< random starts, beside the one along the gradient
  std::uint64_t seed = 0;
};

/// The highest point that an ascent found: a lower bound of the maximum.
struct Ascent {
  double value = 0;        ///< L(theta + T u) - L(theta)
  at::Tensor u{};          ///< [P]
  std::string start{};     ///< "gradient" | "random 1" ... | "smaller rho"
  double lastGain = 0;     ///< share of the value that the last quarter of the iterations gained, in the start that won
  double startSpread = 0;  ///< (best - worst start) / best; 0 for one start
  std::int64_t gradients = 0, evaluations = 0;
};

/// max over ||u|| <= rho of L(theta + T u) - L(theta) by projected ascent with momentum 0.75, first step 2 rho, halved at checkpoints where fewer than three
/// quarters of the steps rose or the best value stood still, and then gone on from the best point. From the gradient's point of the ball (left out where the
/// gradient is zero) and from random ones; the best point of all is kept, `floor` (the result for a smaller rho; feasible here) among them, so that a curve
/// over a growing rho does not fall. A loss that is not finite ends it: value infinity.
/// Cost: (iterations + 1) gradients and as many evaluations a start. The objective's gradient at theta is not counted.
/// Source: Croce, Hein, Reliable evaluation of adversarial robustness, ICML 2020, algorithm 1 (APGD), on parameters as in Andriushchenko et al., ICML 2023.
Ascent worstCase(Objective& objective, const Ball& ball, const at::Tensor& gradient, double loss, const AscentOptions& options, const Ascent* floor,
                 const Context& context);

/// L(theta + rho T unitAscent(g)) - L(theta): SAM's step; with l2 and adaptive ASAM's without eta. 0 where the gradient is zero. Cost: one evaluation.
double oneStep(Objective& objective, const Ball& ball, const at::Tensor& gradient, double loss, double rho);

}  // namespace analysis
