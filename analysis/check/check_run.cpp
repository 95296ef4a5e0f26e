// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/check/check_run.h"

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "analysis/check/training_conditions.h"
#include "analysis/kinks.h"
#include "analysis/load_objective.h"
#include "analysis/spectrum/lanczos.h"
#include "trainer/base/error.h"

namespace analysis {
namespace {

Conditions conditionsOf(const CheckSpec& spec, const LoadedRun& run, const ModelObjective& objective) {
  Conditions all(spec.with.begin(), spec.with.end());
  const bool norms = run.model->bufferLayout().size() > 0, pictures = objective.parts().data.inputs.scalar_type() == at::kByte && objective.parts().data.inputs.dim() == 4;
  for (const std::string& word : all) {
    if (word != condition::kDropout && word != condition::kAugmentation && word != condition::kShuffling && word != condition::kReducedPrecision)
      throw std::invalid_argument(fmt::format("--with '{}' is unknown; there are dropout, augmentation, shuffling, reduced-precision", word));
    if (word == condition::kDropout && run.spec.dropout == 0) throw std::invalid_argument(fmt::format("--with dropout: the run '{}' was trained without it", spec.measure.run));
    if (word == condition::kAugmentation && !pictures) throw std::invalid_argument(fmt::format("--with augmentation: the data of '{}' are not pictures", spec.measure.run));
  }
  if (spec.asTrained) {
    all.insert(condition::kShuffling);
    if (run.spec.dropout > 0) all.insert(condition::kDropout);
    if (run.spec.augment == "standard") all.insert(condition::kAugmentation);
  }
  if (norms && (spec.asTrained || spec.measure.batchNorm == "train")) all.insert(condition::kBatchNormTrain);
  if (at::Device(run.device).is_cuda() && !at::globalContext().deterministicAlgorithms()) all.insert(condition::kKernels);
  return all;
}

/// Makes the objectives of a run under any conditions.
CheckSubject subjectOf(const CheckSpec& spec, const LoadedRun& run, const ModelObjective& objective) {
  CheckSubject subject;
  subject.conditions = conditionsOf(spec, run, objective);
  subject.smooth = !isKinked(run.spec);
  subject.seed = spec.measure.seed;
  const auto droppingOut = trainer::buildModel(run.spec.model, run.spec.activation, run.shape, run.spec.dropout);
  subject.make = [&objective, &run, droppingOut, seed = spec.measure.seed](const Conditions& conditions, bool otherSplit) {
    ModelObjective::Parts parts = objective.parts();
    if (conditions.count(condition::kBatchNormTrain) > 0) parts.policy = BatchNormPolicy::train;
    else if (parts.policy == BatchNormPolicy::train) parts.policy = BatchNormPolicy::eval;
    if (parts.policy == BatchNormPolicy::train) parts.chunk = run.batchSize;
    if (otherSplit) parts.chunk = std::max<std::int64_t>(1, (2 * std::min(parts.chunk, parts.data.count()) + 4) / 5);
    if (conditions.count(condition::kDropout) > 0) parts.model = droppingOut;
    return std::make_unique<TrainingConditionsObjective>(std::move(parts), conditions, seed);
  };
  return subject;
}

PolicyValue valueUnder(BatchNormPolicy policy, const char* name, const LoadedRun& run, const ModelObjective& objective, const CheckSpec& spec, const Context& context,
                       std::int64_t* products) {
  ModelObjective::Parts parts = objective.parts();
  parts.policy = policy;
  if (policy == BatchNormPolicy::train) parts.chunk = run.batchSize;
  ModelObjective there(std::move(parts));
  const auto hessian = there.hessian(there.theta0(), spec.measure.memoryBytes, context);
  const Eigenpairs pairs = extremeEigenpairs(*hessian, {.top = 1, .tolerance = 1e-2, .maxProducts = 60, .seed = spec.measure.seed}, context);
  *products += pairs.products + pairs.residualProducts;
  return {name, there.evaluate(there.theta0()).loss, pairs.top.front().value, pairs.top.front().residual};
}

/// Informative: the largest difference between two policies' lambda_max, over that of the policy measured.
Check policyCheck(CheckReport& report, const LoadedRun& run, const ModelObjective& objective, const CheckSpec& spec, const Context& context) {
  Check c{.name = "batch-norm-policy", .verdict = Verdict::passed, .value = 0, .tolerance = 0, .culprit = {}, .advice = "the network has no batch normalisation: every policy is the same"};
  if (run.model->bufferLayout().size() == 0) return c;
  double low = INFINITY, high = -INFINITY, own = 0;
  for (const auto& [policy, name] : {std::pair{BatchNormPolicy::eval, "eval"}, std::pair{BatchNormPolicy::train, "train"}, std::pair{BatchNormPolicy::recomputed, "recomputed"}}) {
    report.policies.push_back(valueUnder(policy, name, run, objective, spec, context, &report.products));
    const double value = report.policies.back().lambdaMax;
    low = std::min(low, value), high = std::max(high, value);
    if (spec.measure.batchNorm == name) own = value;
  }
  c.verdict = Verdict::informative;
  c.value = own != 0 ? (high - low) / std::abs(own) : 0;
  c.advice = "the spread of lambda_max over the policies eval, train and recomputed, relative to the one measured: name the policy with every number";
  return c;
}

CheckReport check(const CheckSpec& spec, const Context& context) {
  const auto started = std::chrono::steady_clock::now();
  const LoadedRun run = loadRun(spec.measure);
  const auto* objective = dynamic_cast<const ModelObjective*>(run.train.get());
  if (objective == nullptr) throw std::invalid_argument("the conditions of training can be checked for networks of this program only");
  CheckReport report{.step = run.step, .samples = objective->sampleCount(), .parameters = objective->layout().size(), .precision = run.precision,
                     .batchNorm = spec.measure.batchNorm, .device = run.device, .conditions = {}, .checks = {}, .policies = {}};
  const CheckSubject subject = subjectOf(spec, run, *objective);
  report.conditions.assign(subject.conditions.begin(), subject.conditions.end());
  report.checks = selfCheck(subject, context);
  report.checks.push_back(policyCheck(report, run, *objective, spec, context));
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return report;
}

}  // namespace

CheckReport checkRun(const CheckSpec& spec, const trainer::Context& context) {
  try {
    return check(spec, context);
  } catch (const c10::Error& e) {
    throw trainer::Error(fmt::format("the run could not be checked: {}", e.what_without_backtrace()));
  }
}

}  // namespace analysis
