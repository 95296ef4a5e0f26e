// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analysis/load_objective.h"

namespace analysis {

/// What the two sets say at one theta.
struct SetValues {
  Evaluation train, test;  ///< the samples asked for; the test set
};

/// Evaluates points away from a checkpoint by a batch-norm policy (NUMERICS.md section 3).
class PointEvaluator {
 public:
  /// `run` must stay. Where the test set itself is asked for it is evaluated once, and `test` is the same.
  PointEvaluator(const LoadedRun& run, const MeasureSpec& measure);
  /// `statistics` [B]: those of the point, by the policies `eval` and `interpolated` (undefined: the checkpoint's); looked at by no other. Cost: a forward pass over both sets, and one over the statistics'
  /// samples by the policy `recomputed`.
  SetValues operator()(const at::Tensor& theta, const at::Tensor& statistics = {}) const;
  /// The samples asked for alone, the same numbers; `test` is zero.
  SetValues samplesOnly(const at::Tensor& theta, const at::Tensor& statistics = {}) const { return evaluate(theta, statistics, false); }
  bool movesStatistics() const { return policy_ == "interpolated" && hasStatistics_; }  ///< whether it wants `statistics`

 private:
  SetValues evaluate(const at::Tensor& theta, const at::Tensor& statistics, bool test) const;
  const LoadedRun& run_;
  std::string policy_;
  bool hasStatistics_, oneSample_;
};

}  // namespace analysis
