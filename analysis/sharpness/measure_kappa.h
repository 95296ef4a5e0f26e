// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/objective.h"
#include "analysis/sharpness/kappa.h"

namespace analysis {

/// kappa(h) along a unit direction, from losses and from gradients, with u'Hu beside it. On ReLU networks they differ at every h (NUMERICS.md section 2), which is
/// what it is for; on smooth ones fromGradient meets u'Hu up to h^2 and rounding.
/// Cost: the direction; two gradients and two evaluations a step, one product.
/// @throws std::invalid_argument (an unknown direction, a step <= 0, a gradient of zero), DataError, IoError, NumericalError, Cancelled before the first step
Kappa measureKappa(const KappaSpec& spec, const trainer::Context& context);

/// One point of it; `u` [P] of unit length, `loss` at theta0.
KappaPoint kappaAt(Objective& objective, const at::Tensor& u, double loss, double h);

}  // namespace analysis
