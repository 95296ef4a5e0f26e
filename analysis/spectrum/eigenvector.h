// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/objective.h"

namespace analysis {

struct HessianDirection {
  double eigenvalue = 0;
  at::Tensor vector;  ///< [P], unit L2, component of largest magnitude positive
};

/// The `index`-th largest eigenpair (1 is the largest) of the Hessian at theta0. Cost: about 10 products and more for higher indices.
/// @throws std::invalid_argument index < 1 or above P; NumericalError when it did not converge; Cancelled
HessianDirection hessianEigenvector(Objective& objective, std::int64_t index, std::int64_t memoryBytes, std::uint64_t seed, const Context& context);

/// The residual asked for where none is given: 1e-3 of max|lambda| in float, 1e-8 in double.
double defaultResidual(at::ScalarType precision);
/// 200 products, or P up to 2000 if larger.
std::int64_t defaultMaxProducts(std::int64_t parameters);

}  // namespace analysis
