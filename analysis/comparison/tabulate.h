// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "analysis/comparison/comparison.h"
#include "analysis/export/result_file.h"
#include "trainer/run/run_record.h"
#include "trainer/run/run_spec.h"

namespace analysis {

/// What a network answers on the test set, item by item, in the order of the data.
struct ItemAnswers {
  std::vector<std::uint8_t> correct;    ///< 1 where right
  std::vector<double> loss;             ///< plain
};

/// What is known of a run; what is not there is null or 0.
struct RunEvidence {
  std::string folder, name;             ///< empty name: by its settings
  trainer::RunSpec spec;
  trainer::RunRecord record;
  std::int64_t step = -1;               ///< the checkpoint that is compared; -1: the last evaluated
  std::int64_t trainItems = 0, validationItems = 0, testItems = 0;
  std::shared_ptr<const SpectrumResult> pairs, trace;  ///< may be the same
  std::shared_ptr<const SharpnessResult> sharpness;
  std::shared_ptr<const PathResult> path;              ///< from the baseline's run to this one
  std::shared_ptr<const ItemAnswers> answers;
  std::optional<bool> tuned;            ///< its setting is the one a sweep chose on validation; unset: it is of no sweep
  std::int64_t tried = 0;               ///< settings of that sweep
};

/// Everything a comparison is made of.
struct ComparisonEvidence {
  std::vector<RunEvidence> runs;
  std::shared_ptr<const MatchedResult> matched;        ///< of these runs, by folder
};

/// The table, the settings and the fairness checks of what is known: no files, no measures, fast enough for each change of a session.
///
/// Runs that differ only in seed, device and threads are one setting. A setting with several seeds shows mean and sample deviation over them; settings with two
/// or more seeds each are told apart by Welch's t test (two-sided), Holm over all such tests of the comparison at spec.level. Where nothing varies over the seeds
/// but the means differ, by the exact permutation test. With one seed on a side the verdict is never `different`: what a paired test (exact McNemar for
/// accuracies, paired differences for losses) says of the two models stands beside it. A measure's own error that covers the difference gives `within noise`,
/// one that did not converge `cannot tell`. Seconds are never told apart: they depend on what else the machine does.
/// @throws std::invalid_argument  fewer than two runs, a folder twice, a baseline that is none of them
/// Source: Welch 1947; McNemar 1947; Holm 1979; Dietterich, Approximate statistical tests for comparing supervised classification learning algorithms, 1998.
Comparison tabulate(const ComparisonEvidence& evidence, const CompareSpec& spec);

}  // namespace analysis
