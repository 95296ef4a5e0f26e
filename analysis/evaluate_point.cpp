// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/evaluate_point.h"

#include <ATen/ATen.h>

namespace analysis {

PointEvaluator::PointEvaluator(const LoadedRun& run, const MeasureSpec& measure)
    : run_(run), policy_(measure.batchNorm), hasStatistics_(run.model && run.model->bufferLayout().size() > 0), oneSample_(measure.split == "test") {}

SetValues PointEvaluator::operator()(const at::Tensor& theta, const at::Tensor& statistics) const { return evaluate(theta, statistics, true); }

SetValues PointEvaluator::evaluate(const at::Tensor& theta, const at::Tensor& statistics, bool test) const {
  const bool given = statistics.defined() && (policy_ == "eval" || policy_ == "interpolated"), recomputed = hasStatistics_ && policy_ == "recomputed";
  const at::Tensor used = given ? statistics : recomputed ? run_.train->statistics(theta) : at::Tensor();
  const auto on = [&](Objective& objective) { return used.defined() ? objective.evaluateWith(theta, used) : objective.evaluate(theta); };
  const Evaluation first = on(*run_.train);
  if (!test) return {first, {}};
  return {first, oneSample_ ? first : on(*run_.test)};
}

}  // namespace analysis
