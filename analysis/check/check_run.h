// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/check/check.h"
#include "trainer/base/context.h"

namespace analysis {

/// selfCheck() on a checkpoint as it would be measured, or under the conditions that the spec asks for; where the network has batch norm, lambda_max and loss by
/// each policy as well. Cost: about 10 products and 10 gradients, and about 10 products a policy.
/// @throws std::invalid_argument (an unknown condition, or one that the run cannot have), DataError, IoError, NumericalError, Cancelled
CheckReport checkRun(const CheckSpec& spec, const trainer::Context& context);

}  // namespace analysis
