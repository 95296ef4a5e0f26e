// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/invariance/measure_invariance.h"

#include <ATen/ATen.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "analysis/invariance/invariant_measures.h"
#include "analysis/invariance/transformations.h"
#include "analysis/load_objective.h"
#include "analysis/model_objective.h"
#include "trainer/base/error.h"
#include "trainer/model/checkpoint.h"

namespace analysis {
namespace {

constexpr double kSameFloat = 1e-3, kSameDouble = 1e-8;  ///< of the largest output

/// The loaded network's objective. What loadRun() makes is one.
const ModelObjective& networkOf(const LoadedRun& run) { return dynamic_cast<const ModelObjective&>(*run.train); }

class Laboratory {
 public:
  Laboratory(const InvarianceSpec& spec, const LoadedRun& run, const Context& context)
      : spec_(spec), run_(run), network_(networkOf(run)), symmetries_(symmetriesOf(*run.model, run.spec.activation)), context_(context),
        precision_(network_.theta0().scalar_type()) {}

  Invariance run() {
    const std::vector<std::string> chosen = spec_.transforms.empty() && spec_.other.empty() ? transformationsOf(symmetries_) : spec_.transforms;
    const Weights here{network_.theta0(), network_.parts().buffers};
    for (const std::string& name : chosen) transform(name, *run_.model, symmetries_, here, spec_);  // refused before anything is measured
    start();
    save(chosen, here);
    try {
      for (const std::string& name : chosen) {
        const Transformed t = transform(name, *run_.model, symmetries_, here, spec_);
        Carried carried;
        if (name == "permute")
          carried = {[&](const at::Tensor& v) { return transform(name, *run_.model, symmetries_, {v}, spec_).weights.theta; }, here.theta};
        compareWith(t.weights, carried, {.transform = name, .layers = t.layers, .keeps = t.keeps, .strength = name == "permute" ? spec_.share : spec_.strength, .badges = {}});
      }
      if (!spec_.other.empty()) compareWithOther();
    } catch (const trainer::Cancelled&) {
      result_.stopped = true;
    }
    return std::move(result_);
  }

 private:
  void start() {
    ModelObjective objective(network_.parts());
    result_.step = run_.step, result_.samples = objective.sampleCount(), result_.parameters = objective.layout().size();
    result_.batchNorm = spec_.measure.batchNorm, result_.precision = run_.precision, result_.device = run_.device;
    result_.lossValue = objective.evaluate(objective.theta0()).loss;
    outputs_ = objective.outputs(objective.theta0()).to(at::kDouble);
    report("before");
    before_ = invariantMeasures(objective, spec_, {}, context_);
  }

  void compareWith(const Weights& there, const Carried& carried, InvarianceOutcome outcome) {
    report(outcome.transform);
    ModelObjective::Parts parts = network_.parts();
    parts.theta = there.theta, parts.buffers = there.buffers;
    ModelObjective objective(std::move(parts));
    verify(objective, outcome);
    if (outcome.verified) {
      const std::vector<InvariantValue> after = invariantMeasures(objective, spec_, carried, context_);
      for (std::size_t i = 0; i < before_.size(); ++i) {
        outcome.badges.push_back(compare(before_[i], after[i], precision_));
        outcome.badges.back().claimed = isClaimed(outcome.transform, before_[i].measure);
      }
    }
    result_.outcomes.push_back(std::move(outcome));
  }

  void verify(ModelObjective& objective, InvarianceOutcome& outcome) {
    const at::Tensor after = objective.outputs(objective.theta0()).to(at::kDouble);
    outcome.largestDifference = (after - outputs_).abs().max().item<double>();
    outcome.largestOutput = outputs_.abs().max().item<double>();
    outcome.changedPredictions = after.argmax(-1).ne(outputs_.argmax(-1)).sum().item<std::int64_t>();
    const double same = (precision_ == at::kDouble ? kSameDouble : kSameFloat) * outcome.largestOutput;
    outcome.verified = outcome.keeps == "predictions" ? outcome.changedPredictions == 0 : outcome.largestDifference <= same;
  }

  void compareWithOther() {
    MeasureSpec measure = spec_.measure;
    measure.run = spec_.other, measure.step = spec_.otherStep;
    const LoadedRun other = loadRun(measure);
    const ModelObjective& there = networkOf(other);
    if (!(there.layout() == network_.layout()))
      throw std::invalid_argument(fmt::format("--other '{}' is a {} and the run a {}: their weights cannot be compared", spec_.other, other.model->name(), run_.model->name()));
    compareWith({there.theta0(), there.parts().buffers}, {},
                {.transform = fmt::format("other: {}, step {}", spec_.other, other.step), .layers = "", .keeps = "outputs", .badges = {}});
  }

  void save(const std::vector<std::string>& chosen, Weights w) const {
    if (spec_.save.empty()) return;
    for (const std::string& name : chosen) w = transform(name, *run_.model, symmetries_, w, spec_).weights;
    trainer::Checkpoint checkpoint{.step = run_.step, .theta = w.theta.cpu()};
    if (run_.model->bufferLayout().size() > 0) checkpoint.buffers = w.buffers.cpu();
    trainer::writeCheckpoint(spec_.save, *run_.model, checkpoint);
  }

  void report(const std::string& stage) { context_.report({.stage = stage, .unit = "checkpoints", .done = done_++, .total = 0}); }

  const InvarianceSpec& spec_;
  const LoadedRun& run_;
  const ModelObjective& network_;
  Symmetries symmetries_;
  const Context& context_;
  at::ScalarType precision_;
  at::Tensor outputs_;
  std::vector<InvariantValue> before_;
  Invariance result_;
  std::int64_t done_ = 0;
};

}  // namespace

void validate(const InvarianceSpec& spec) {
  for (const std::string& name : spec.transforms)
    if (std::ranges::find(transformationNames(), name) == transformationNames().end())
      throw std::invalid_argument(fmt::format("--transform '{}' is unknown; this version has: {}", name, fmt::join(transformationNames(), ", ")));
  const auto positive = [](const char* flag, double v) {
    if (!(v > 0) || !std::isfinite(v)) throw std::invalid_argument(fmt::format("{} must be a number > 0, got {}", flag, v));
  };
  positive("--strength", spec.strength), positive("--rho", spec.rho), positive("--deviation", spec.deviation);
  if (!(spec.share >= 0 && spec.share <= 1)) throw std::invalid_argument(fmt::format("--share must lie in 0..1, got {}", spec.share));
  if (spec.iterations < 1) throw std::invalid_argument(fmt::format("--iterations must be >= 1, got {}", spec.iterations));
  if (spec.draws < 20) throw std::invalid_argument(fmt::format("--draws {} is below 20: fewer give no standard error to trust", spec.draws));
}

Invariance measureInvariance(const InvarianceSpec& spec, const trainer::Context& context) {
  validate(spec);
  try {
    const auto started = std::chrono::steady_clock::now();
    const LoadedRun run = loadRun(spec.measure);
    Invariance result = Laboratory(spec, run, context).run();
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    return result;
  } catch (const c10::Error& e) {
    throw trainer::Error(fmt::format("the invariances could not be measured: {}", e.what_without_backtrace()));
  }
}

}  // namespace analysis
