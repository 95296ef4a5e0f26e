// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/matched/matched.h"
#include "trainer/base/context.h"

namespace analysis {

/// lambda_max, trace, worst and average sharpness of each run where its loss on the measure's samples first reaches the target, between the two checkpoints that
/// bracket it: with t = log(L_above / L) / log(L_above / L_below), a value is v_above^(1-t) v_below^t where both are positive, else linear in t. ||theta|| and the
/// size of the logits stand beside it. Cost: an evaluation a checkpoint; two checkpoints' measures a run.
/// @throws std::invalid_argument (a target that a run does not reach, with the range it covers; averages), DataError, IoError, NumericalError, Cancelled before
///         the first run
Matched measureMatched(const MatchedSpec& spec, const trainer::Context& context);

/// v_above^(1-t) v_below^t where both are positive, else (1-t) v_above + t v_below.
double interpolated(double above, double below, double t);

}  // namespace analysis
