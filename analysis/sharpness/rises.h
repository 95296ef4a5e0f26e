// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "analysis/objective.h"
#include "analysis/sharpness/sharpness.h"

namespace analysis {

/// What is known at theta.
struct AtTheta {
  at::Tensor gradient;  ///< [P]
  double loss = 0;
};

/// Every kind x norm x scale x rho that `spec` asks for, in that order. Worst and one-step are measured group by group (consecutive samples, the last one may be
/// smaller) and averaged by the groups' shares; the groups and their gradients' squares go into `about`. A stop keeps the measures that have at least one group.
/// @throws Cancelled before the first.
std::vector<SharpnessMeasure> measureRises(Objective& objective, const SharpnessSpec& spec, const AtTheta& at, Sharpness& about, const Context& context);

}  // namespace analysis
