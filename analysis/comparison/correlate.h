// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/comparison/study.h"
#include "trainer/base/context.h"

namespace analysis {

/// Each measure of a comparison's runs against the target (Quality rows but the norms are no measures; nor are distances and cost): no files, no measuring.
///
/// granulated: for each flag that differs, runs that have every other flag and the seed in common form a group; tau inside each, mean over the flag's groups, mean
/// over the flags: a correlation that only follows one strong flag does not reach it. Intervals: percentiles over `resamples` draws with replacement, of settings
/// and then of the runs inside where settings have several seeds, of runs else; runs of one setting are not independent.
/// Cost: n^2 resamples a measure. @throws std::invalid_argument for fewer than three runs or a target that is no row; Cancelled
/// Source: Jiang, Neyshabur, Mobahi, Krishnan, Bengio, Fantastic generalization measures, ICLR 2020, section 3; Kendall 1945 (tau-b).
Study correlate(const Comparison& comparison, const StudySpec& spec, const trainer::Context& context);

/// Measures what the runs lack (as compareRuns() does, with the same samples for all) and correlates. A stop while measuring gives a study of what is there.
Study studyRuns(const StudySpec& spec, const trainer::Context& context);

}  // namespace analysis
