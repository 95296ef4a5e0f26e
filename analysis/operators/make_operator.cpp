// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/operators/make_operator.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/model_objective.h"
#include "analysis/operators/finite_difference.h"
#include "trainer/run/training_state.h"

namespace analysis {
namespace {

constexpr std::array<const char*, 6> kKinds = {"hessian", "gauss-newton", "functional", "fisher", "empirical-fisher", "finite-difference"};

/// "conv1" of "conv1.weight"; the whole name where it has no dot.
std::string layerOf(const std::string& name) { return name.substr(0, name.rfind('.')); }

bool belongs(const trainer::ParameterSlice& slice, const std::string& word) {
  if (word == "weights") return slice.kind == trainer::ParameterKind::weight;
  if (word == "biases") return slice.kind == trainer::ParameterKind::bias;
  if (word == "norms") return slice.kind == trainer::ParameterKind::norm;
  if (word == "embeddings") return slice.kind == trainer::ParameterKind::embedding;
  return slice.name == word || slice.name.rfind(word + ".", 0) == 0;
}

}  // namespace

void validate(const OperatorSpec& spec) {
  if (std::find(kKinds.begin(), kKinds.end(), spec.kind) == kKinds.end())
    throw std::invalid_argument(fmt::format("--operator '{}' is unknown; this version has: {}", spec.kind, fmt::join(kKinds, ", ")));
  if (spec.precondition != "none" && spec.precondition != "adam")
    throw std::invalid_argument(fmt::format("--precondition '{}' is unknown; this version has: none, adam", spec.precondition));
}

std::vector<std::string> layerNames(const trainer::ParameterLayout& layout) {
  std::vector<std::string> names;
  for (const trainer::ParameterSlice& slice : layout.slices())
    if (const std::string name = layerOf(slice.name); std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
}

std::vector<IndexRange> rangesOf(const trainer::ParameterLayout& layout, const std::string& word) {
  if (word.empty()) return {{0, layout.size()}};
  std::vector<IndexRange> ranges;
  for (const trainer::ParameterSlice& slice : layout.slices()) {
    if (!belongs(slice, word)) continue;
    const IndexRange r{slice.offset, slice.offset + slice.count()};
    if (!ranges.empty() && ranges.back().to == r.from) ranges.back().to = r.to;
    else ranges.push_back(r);
  }
  if (!ranges.empty()) return ranges;
  std::vector<std::string> names = layerNames(layout);
  constexpr std::size_t kShown = 12;
  const bool more = names.size() > kShown;
  if (more) names.resize(kShown);
  throw std::invalid_argument(fmt::format("--restrict '{}' names no parameters; there are weights, biases, norms, embeddings (where the network has them) and the layers {}{}", word,
                                          fmt::join(names, ", "), more ? ", ..." : ""));
}

OwnedOperator makeOperator(Objective& objective, const std::string& kind, const at::Tensor& theta, std::int64_t memoryBytes, const Context& context) {
  validate(OperatorSpec{.kind = kind, .restrictTo = {}});
  if (kind == "hessian") return objective.hessian(theta, memoryBytes, context);
  if (kind == "gauss-newton") return objective.outputCurvature(OutputCurvature::gaussNewton, theta, memoryBytes, context);
  if (kind == "fisher") return objective.outputCurvature(OutputCurvature::fisher, theta, memoryBytes, context);
  if (kind == "empirical-fisher") return objective.outputCurvature(OutputCurvature::empiricalFisher, theta, memoryBytes, context);
  if (kind == "finite-difference") return std::make_unique<FiniteDifferenceOperator>(objective, theta);
  // Each keeps its graphs in half of the budget, so that both fit it together.
  const std::int64_t half = (memoryBytes > 0 ? memoryBytes : defaultMemoryBudget(theta.device())) / 2;
  OwnedOperator hessian = objective.hessian(theta, half, context);
  return sumOf(std::move(hessian), -1, objective.outputCurvature(OutputCurvature::gaussNewton, theta, half, context));
}

at::Tensor adamDiagonal(const LoadedRun& run, const MeasureSpec& measure) {
  const trainer::TrainingState state = trainer::readTrainingState(measure.run, *run.model, run.step);
  const at::Tensor moments = trainer::vectorOf(state.optimizer, "exp_avg_sq");
  const std::int64_t steps = trainer::numberOf(state.optimizer, "adam_step");
  if (!moments.defined() || steps == 0)
    throw std::invalid_argument(fmt::format("--precondition adam: the checkpoint at step {} of '{}' holds no second moments (optimizer {})", run.step, measure.run, run.spec.optimizer));
  const double correction = 1 - std::pow(run.spec.beta2.value_or(0.999), static_cast<double>(steps));
  return ((moments.to(at::kDouble) / correction).sqrt() + 1e-8).to(run.train->theta0().options());
}

OwnedOperator makeOperator(LoadedRun& run, const MeasureSpec& measure, const OperatorSpec& spec, const Context& context) {
  validate(spec);
  const std::vector<IndexRange> ranges = rangesOf(run.train->layout(), spec.restrictTo);
  const at::Tensor diagonal = spec.precondition == "adam" ? adamDiagonal(run, measure) : at::Tensor();
  OwnedOperator a = makeOperator(*run.train, spec.kind, run.train->theta0(), measure.memoryBytes, context);
  if (diagonal.defined()) a = preconditioned(std::move(a), diagonal);
  return spec.restrictTo.empty() ? std::move(a) : restricted(std::move(a), ranges);
}

}  // namespace analysis
