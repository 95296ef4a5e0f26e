// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/objective.h"
#include "analysis/sharpness/sharpness.h"

namespace analysis {

/// sum_{s,s'} <w_s, w_s'> Tr H_{s,s'} of the last linear layer: w_s its rows [d], H_{s,s'} [d,d] the Hessian's block of two of them. Invariant when the layer
/// before is multiplied by a and this one divided by it (ReLU).
/// Exact by C d products where those are at most max(256, probes); else `probes` products (W xi) x eps with random signs xi [d], eps [d], with a standard error.
/// Source: Petzka, Kamp, Adilova, Sminchisescu, Boley, Relative flatness and generalization, NeurIPS 2021, definition 3.
/// @throws std::invalid_argument when no parameter is a matrix.
RelativeFlatness relativeFlatness(Objective& objective, LinearOperator& hessian, std::int64_t probes, std::uint64_t seed, const Context& context);

/// v = (W xi) x eps on the last layer's weights, zero elsewhere, [P], with signs of `seed`: the expectation of v'Hv is the relative flatness.
at::Tensor flatnessProbe(const trainer::ParameterLayout& layout, const at::Tensor& theta, std::uint64_t seed);

/// The penalty's difference against the product H g/||g||, at each radius; none where g = 0. `product` is H g/||g||. Cost: a gradient a radius.
std::vector<PenaltyApproximation> penaltyApproximation(Objective& objective, const at::Tensor& gradient, const at::Tensor& product, const std::vector<double>& rho,
                                                       const Context& context);

}  // namespace analysis
