// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/comparison/table_rows.h"

namespace analysis {

/// The contrast of each setting with the baseline's in one row, as tabulate() says; verdicts of tests are left to adjust(): until then `adjusted` is NaN.
std::vector<Contrast> contrastsOf(const RowDraft& draft, const ComparisonEvidence& evidence, const Comparison& comparison);

/// Holm over every test of settings in the comparison, and their verdicts; fills Comparison::tests.
void adjust(Comparison& comparison, double level);

}  // namespace analysis
