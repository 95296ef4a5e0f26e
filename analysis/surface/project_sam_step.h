// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "analysis/surface/plane.h"

namespace analysis {

/// sam_step.h on this plane. `rho` unset: the run's, 0.05 where it has none; alpha is the run's where it is trained with the penalty, else 1.
/// @throws NumericalError where the gradient is zero or not finite: there is no step; std::invalid_argument where the running statistics move along the plane
SamStep projectSamStep(Plane& plane, std::optional<double> rho);

}  // namespace analysis
