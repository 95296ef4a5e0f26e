// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/tracked_curvature.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "trainer/base/random.h"
#include "trainer/optim/options_of.h"
#include "trainer/run/batch_sharpness.h"
#include "trainer/run/curvature_measures.h"
#include "trainer/run/mini_batch.h"

namespace trainer {
namespace {

constexpr std::int64_t kSamples = 1024;
constexpr std::int64_t kBatches = 20;
constexpr double kAdamEpsilon = 1e-8;  ///< base_step.h
constexpr const char* kVector = "curvature_vector";
constexpr const char* kBottom = "curvature_bottom";
constexpr const char* kPreconditioned = "curvature_preconditioned";

std::string eigenspaceName(std::int64_t i) { return fmt::format("curvature_eigenspace_{}", i); }

/// The first of a seeded permutation, sorted: a subset without replacement.
Dataset subsetOf(const PreparedRun& run) {
  const Dataset& data = run.data.train;
  const std::int64_t wanted = run.spec.curvatureSamples.value_or(std::min(kSamples, data.count()));
  if (wanted == data.count()) return data;
  std::vector<std::int64_t> items = permutation(data.count(), deriveSeed(run.spec.seed, "curvature"));
  items.resize(static_cast<std::size_t>(wanted));
  std::sort(items.begin(), items.end());
  const at::Tensor rows = at::tensor(items, at::kLong).to(run.device());
  return {data.inputs.index_select(0, rows), data.labels.index_select(0, rows)};
}

OptimizerState inDouble(OptimizerState state) {
  for (auto& [name, vector] : state.vectors) vector = vector.to(at::kDouble);
  return state;
}

}  // namespace

TrackedCurvature::TrackedCurvature(const PreparedRun& run, std::shared_ptr<CurvatureTracker> tracker)
    : run_(run), tracker_(std::move(tracker)), measures_(curvatureMeasures(*run.spec.curvatureMeasures)), data_(subsetOf(run)) {}

bool TrackedCurvature::wants(std::string_view measure) const { return std::find(measures_.begin(), measures_.end(), measure) != measures_.end(); }

bool TrackedCurvature::affords(const std::vector<CurvatureRecord>& before, std::int64_t gradientEvaluations) const {
  if (!run_.spec.curvatureShare) return true;
  double taken = 0;
  for (const CurvatureRecord& r : before) taken += itemGradients(r);
  const double trained = static_cast<double>(gradientEvaluations) * static_cast<double>(std::min(run_.batchSize, run_.data.train.count()));
  return taken <= *run_.spec.curvatureShare * (taken + trained);
}

/// The direction d of the step that comes next, theta -= rate d. Every base step is linear in its rate, so that one of rate 1, in double, tells it.
at::Tensor TrackedCurvature::nextUpdate(const Place& place, const std::vector<RunEvent>& events, TrackedValue& cost) const {
  const auto started = std::chrono::steady_clock::now();
  SharpnessStep sharpness = place.sharpness;
  for (const RunEvent& e : events) {  // a training that goes on from a checkpoint knows them from its next step on only
    if (e.step > place.step) continue;
    if (e.name == "rho") sharpness.setRho(e.value);
    if (e.name == "alpha") sharpness.setAlpha(run_.spec.sharpness == "penalty" ? std::min(1.0, e.value) : e.value);
  }
  MiniBatch batch = batchOf(run_, itemsOf(run_, place.step), place.buffers, place.step);
  const StepGradient g = sharpness.gradient(batch, place.theta, place.step);
  const at::Tensor before = place.theta.detach().to(at::kDouble);
  at::Tensor after = before.clone();
  const auto base = makeBaseStep(baseOptionsOf(run_.spec), run_.model->layout(), after);
  base->restore(inDouble(place.base.state()));
  base->apply(after, clipToNorm(g.combined, run_.spec.clipNorm).to(at::kDouble), 1);
  cost.gradients = g.evaluations;
  cost.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return (before - after).to(place.theta.scalar_type());
}

/// D [P] of Adam as its last step had it; undefined before the first.
at::Tensor TrackedCurvature::preconditioner(const BaseStep& base) const {
  const OptimizerState state = base.state();
  const at::Tensor squares = vectorOf(state, "exp_avg_sq");
  if (!squares.defined()) return {};
  const auto t = static_cast<double>(numberOf(state, "adam_step"));
  const double first = 1 - std::pow(*run_.spec.beta1, t), second = 1 - std::pow(*run_.spec.beta2, t);
  return ((squares.to(at::kDouble) / second).sqrt() + kAdamEpsilon) * first;
}

CurvatureRequest TrackedCurvature::request(const Place& place, const std::vector<RunEvent>& events, TrackedValue& updateCost) const {
  CurvatureRequest r{.model = run_.model,
                     .theta = place.theta,
                     .buffers = place.buffers,
                     .data = data_,
                     .normalisation = *run_.spec.normalisation,
                     .loss = run_.spec.loss,
                     .labelSmoothing = run_.spec.labelSmoothing,
                     .weightDecay = lossDecayOf(run_.spec),
                     .maxProducts = *run_.spec.curvatureProducts,
                     .seed = run_.spec.seed,
                     .start = vector_,
                     .measures = measures_,
                     .top = run_.spec.curvatureTop.value_or(1),
                     .rate = *run_.spec.learningRate,
                     .memory = memory_};
  if (wants("critical-sharpness") || wants("directional-sharpness")) r.update = nextUpdate(place, events, updateCost);
  if (wants("preconditioned-lambda-max")) r.preconditioner = preconditioner(place.base);
  return r;
}

/// The gradients of the step that was tried stand with the first measure that used them.
void TrackedCurvature::charge(CurvatureRecord& record, const TrackedValue& cost) {
  for (TrackedValue& v : record.more) {
    if (v.name != "critical-sharpness" && v.name != "directional-sharpness") continue;
    v.gradients += cost.gradients;
    v.seconds += cost.seconds;
    return;
  }
}

CurvatureRecord TrackedCurvature::measure(const Place& place, const std::vector<RunEvent>& events, const Context& context) {
  TrackedValue updateCost;
  CurvatureResult result = tracker_->measure(request(place, events, updateCost), context);
  if (wants("batch-sharpness")) {
    const TrackedValue value = batchSharpness(run_, place.theta, place.buffers, place.step, std::min(kBatches, *run_.spec.curvatureProducts), context);
    const auto rank = [](const std::string& name) { return std::find(kCurvatureMeasures.begin(), kCurvatureMeasures.end(), name); };
    const auto behind = std::find_if(result.record.more.begin(), result.record.more.end(), [&](const TrackedValue& v) { return rank(v.name) > rank(value.name); });
    result.record.more.insert(behind, value);
  }
  charge(result.record, updateCost);
  vector_ = result.vector;
  memory_ = result.memory;
  result.record.step = place.step;
  return std::move(result.record);
}

OptimizerState TrackedCurvature::state() const {
  OptimizerState state;
  for (const auto& [name, vector] : {std::pair(kVector, vector_), std::pair(kBottom, memory_.bottom), std::pair(kPreconditioned, memory_.preconditioned)})
    if (vector.defined()) state.vectors.emplace_back(name, vector);
  for (std::int64_t i = 0; memory_.eigenspace.defined() && i < memory_.eigenspace.size(0); ++i) state.vectors.emplace_back(eigenspaceName(i), memory_.eigenspace[i]);
  return state;
}

void TrackedCurvature::restore(const OptimizerState& state) {
  vector_ = vectorOf(state, kVector);
  memory_ = {.bottom = vectorOf(state, kBottom), .preconditioned = vectorOf(state, kPreconditioned), .eigenspace = {}};
  std::vector<at::Tensor> rows;
  for (std::int64_t i = 0; vectorOf(state, eigenspaceName(i)).defined(); ++i) rows.push_back(vectorOf(state, eigenspaceName(i)));
  if (!rows.empty()) memory_.eigenspace = at::stack(rows);
}

}  // namespace trainer
