// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/invariance/invariance.h"
#include "trainer/base/context.h"

namespace analysis {

/// Applies each transformation to a checkpoint, verifies that the outputs (or predictions) are what they were on its samples, and measures before and after; with
/// `other`, compares the run with that one's checkpoint in the same way. Cost: one set of invariantMeasures() and one more a transformation.
/// A stop returns what is there (`stopped`).
/// @throws std::invalid_argument (an unknown transformation, listing those that the network has; a strength <= 0; another network), DataError, IoError,
///         NumericalError, Cancelled before the first outcome
Invariance measureInvariance(const InvarianceSpec& spec, const trainer::Context& context);

/// Checks everything that can be checked without the run. @throws std::invalid_argument
void validate(const InvarianceSpec& spec);

}  // namespace analysis
