// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "analysis/export/report.h"
#include "analysis/figure/figure.h"

namespace analysis {

/// Where a run stood after a step: what a curve can be drawn over.
struct TrainingPoint {
  std::int64_t step = 0;
  double epoch = 0, seconds = 0;
  std::int64_t gradientEvaluations = 0;
};

/// Means over an epoch, at its last step.
struct EpochMean {
  TrainingPoint at;
  double loss = 0, gradientNorm = 0;
};
std::vector<EpochMean> epochMeans(const trainer::RunRecord& record);

/// Of a step that was made; 0 for step 0 and for one of which nothing is known but its number.
TrainingPoint pointOf(const trainer::RunRecord& record, std::int64_t step);

/// Loss, test accuracy and gradient norm over steps of several runs, each in its style.
Figure curvesFigure(const std::vector<ReportRun>& runs);

}  // namespace analysis
