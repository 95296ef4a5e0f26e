// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/optim/sharpness_step.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "trainer/optim/combination.h"
#include "trainer/optim/norms.h"
#include "trainer/optim/perturbation.h"

namespace trainer {
namespace {

/// rho and alpha as they are at `step`.
SharpnessOptions warmedUp(SharpnessOptions o, std::int64_t step) {
  const double share = o.warmupSteps < 1 ? 1.0 : std::min(1.0, static_cast<double>(step) / static_cast<double>(o.warmupSteps));
  if (o.warmup == "r") o.rho *= share;
  if (o.warmup == "lambda") o.alpha *= share;
  return o;
}

Phase phaseOf(const SharpnessOptions& o, std::int64_t step) {
  const bool exact = o.penaltyProduct == "exact";
  const bool unit = o.method == "penalty" && o.referenceTerm == "unit" && !exact;
  if (o.method == "none" || (o.warmup == "zero" && step < o.warmupSteps)) return Phase::plain;
  if (!unit && (o.rho == 0 || (o.method == "penalty" && o.alpha == 0))) return Phase::plain;
  return step % o.every == 0 ? Phase::perturbed : Phase::between;
}

/// The sum of w x over the groups; x's very bits where there is one group.
class Mean {
 public:
  explicit Mean(bool single) : single_(single) {}
  void add(const at::Tensor& x, double weight) {
    if (single_)
      sum_ = x;
    else if (sum_.defined())
      sum_.add_(x, weight);
    else
      sum_ = x * weight;
  }
  const at::Tensor& value() const { return sum_; }

 private:
  bool single_;
  at::Tensor sum_;
};

}  // namespace

SharpnessStep::SharpnessStep(SharpnessOptions options, const ParameterLayout& layout) : options_(std::move(options)), layout_(layout) {
  combinationOf(options_.method);
  requireKnownPerturbation(options_);
  if (options_.every < 1) throw std::invalid_argument(fmt::format("a sharpness method needs every >= 1, got {}", options_.every));
}

StepGradient SharpnessStep::gradient(BatchObjective& objective, const at::Tensor& theta, std::int64_t step) {
  const SharpnessOptions o = warmedUp(options_, step);
  const at::Tensor here = theta.detach();
  const bool single = objective.groups() == 1;
  const bool exact = o.method == "penalty" && o.penaltyProduct == "exact";
  for (auto& [name, vector] : memory_) vector = vector.to(here.options());  // what was restored may lie elsewhere
  Gradients g{.phase = phaseOf(o, step)};
  Mean loss(single), first(single), second(single);
  for (std::int64_t j = 0; j < objective.groups(); ++j) {
    const double weight = objective.weight(j);
    const bool product = exact && g.phase == Phase::perturbed;
    const LossAndGradient measured = product ? objective.firstForProduct(j, here) : objective.first(j, here);
    loss.add(measured.loss, weight);
    first.add(measured.gradient, weight);
    if (g.phase != Phase::perturbed) continue;
    const std::string noise = single ? fmt::format("noise/{}", step) : fmt::format("noise/{}/{}", step, j);
    if (product)
      second.add(objective.hessianProduct(j, here, measured.gradient * perLength(1, lengthOf(measured.gradient))), weight);
    else if (o.rho == 0)
      second.add(measured.gradient, weight);
    else
      second.add(objective.again(j, here + perturbation({o, layout_, here, measured.gradient, noise, memory_, masks_})), weight);
  }
  g.first = first.value();
  g.firstNorm = lengthOf(g.first);
  g.second = second.value();
  const std::int64_t more = g.phase != Phase::perturbed ? 0 : exact ? 2 : o.rho == 0 ? 0 : 1;
  return {.loss = loss.value(), .gradientNorm = g.firstNorm, .combined = combinationOf(o.method).combine(g, o, memory_), .evaluations = 1 + more};
}

OptimizerState SharpnessStep::state() const {
  OptimizerState state;
  for (const auto& [name, vector] : memory_) state.vectors.emplace_back(name, vector.clone());
  return state;
}

void SharpnessStep::restore(const OptimizerState& state) {
  memory_.clear();
  for (const char* name : {"looksam_g_v", "friendly_m"})
    if (const at::Tensor kept = vectorOf(state, name); kept.defined()) memory_[name] = kept.clone();
}

}  // namespace trainer
