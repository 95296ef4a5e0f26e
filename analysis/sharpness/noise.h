// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/objective.h"
#include "analysis/sharpness/ball.h"
#include "analysis/sharpness/mean_interval.h"

namespace analysis {

/// theta with its loss and gradient: what the average case starts from.
struct NoisePoint {
  Objective& objective;
  const Ball& ball;             ///< of which only T is used
  const at::Tensor& gradient;   ///< at theta
  double loss = 0;              ///< at theta
  std::int64_t draws = 32;
  std::uint64_t seed = 0;       ///< draw i is the same for every deviation, so a curve over deviations is smooth and its errors go together
};

/// E L(theta + sigma T z) - L(theta), z standard normal. The first-order term sigma g.Tz, of mean zero, is taken off each draw: near a minimum it changes
/// nothing, elsewhere it is most of the spread. Cost: `draws` evaluations. A rise that is not finite makes the mean infinite, without an error.
MeanEstimate averageRise(const NoisePoint& at, double sigma, const Context& context);

/// The largest sigma with averageRise <= target, by bracketing and bisection on the scale of log sigma to 1e-3, every sigma with the same draws. Where the rise
/// is not monotone: a crossing. Its error is that of the rise at sigma, by the slope of log rise over log sigma there. Cost: 8 to 15 times `draws` evaluations.
/// Source: Neyshabur et al., Exploring generalization in deep learning, 2017, section 2.4; Jiang et al., Fantastic generalization measures, ICLR 2020, C.3.
/// @throws NumericalError when no sigma in 1e-8 ... 1e4 has that rise.
PacBayesSigma pacBayesSigma(const NoisePoint& at, double target, const Context& context);

}  // namespace analysis
