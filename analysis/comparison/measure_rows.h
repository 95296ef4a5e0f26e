// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/comparison/table_rows.h"

namespace analysis {

/// A cell of one run, and what it was measured on ("1442 train samples, bn eval, float, plain loss"): cells are compared where these agree.
struct MeasuredCell {
  ComparedCell cell{};
  std::string how{};
};

struct MeasuredRow {
  ComparedRow head{};
  RowRule rule = RowRule::measured;
  std::vector<MeasuredCell> cells;  ///< one a run
};

/// The rows of what was measured: norms, curvature, sharpness, the same at equal train loss, distances and barriers to the baseline.
std::vector<MeasuredRow> measureRows(const ComparisonEvidence& evidence, const CompareSpec& spec, const Comparison& comparison);

}  // namespace analysis
