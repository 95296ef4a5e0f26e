// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/comparison/tabulate.h"

namespace analysis {

/// "Is it a fair comparison?": what has to be the same for a difference to be one of the settings, each with a sentence and what to do. `comparison` has its rows.
/// same-network, same-data, same-start, same-order, finished, same-measures, all-samples, equal-train-loss, equal-gradients, tuned-equally, selection, seeds, converged
std::vector<FairnessCheck> fairnessOf(const ComparisonEvidence& evidence, const CompareSpec& spec, const Comparison& comparison);

}  // namespace analysis
