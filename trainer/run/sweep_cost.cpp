// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/sweep_cost.h"

#include <ATen/ATen.h>
#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>
#include <torch/csrc/autograd/grad_mode.h>

#include <algorithm>

#include "trainer/run/prepare_run.h"
#include "trainer/run/run_record.h"

namespace trainer {
namespace {

constexpr std::int64_t kThreadBytes = std::int64_t{32} << 20;
constexpr std::int64_t kSmallestChunk = 32;  ///< a gradient of the whole set holds a batch, or this many items: evaluate.cpp
constexpr std::int64_t kCurvatureItems = 1024;             ///< where the spec does not say

/// What the tensor allocators have handed out and not taken back while it is installed.
class HeldCounter : public c10::MemoryReportingInfoBase {
 public:
  void reportMemoryUsage(void*, std::int64_t size, std::size_t, std::size_t, c10::Device) override { bytes += size; }
  bool memoryProfilingEnabled() const override { return true; }
  std::int64_t bytes = 0;
};

/// Bytes that the graph of a forward pass over the first `items` keeps.
std::int64_t graphBytes(const PreparedRun& run, std::int64_t items) {
  const torch::autograd::AutoGradMode recording(true);
  const at::Tensor theta = initialise(run.model->layout(), 0, run.dtype).to(run.device()).requires_grad_();
  const at::Tensor x = normalise(run.data.train.inputs.narrow(0, 0, items), *run.spec.normalisation, run.dtype);
  const auto counter = std::make_shared<HeldCounter>();
  const c10::DebugInfoGuard installed(c10::DebugInfoKind::PROFILER_STATE, counter);
  const at::Tensor logits = run.model->forward(theta, x);
  return counter->bytes + static_cast<std::int64_t>(x.nbytes());
}

/// P-sized vectors that a training holds at a time.
std::int64_t vectorsOf(const RunSpec& s) {
  std::int64_t vectors = 4;  // theta, the kept copy, a gradient, what the base step makes of it
  if (s.sharpness != "none") vectors += 3;
  vectors += s.optimizer == "sgd" || s.optimizer == "lion" ? 1 : 2;
  vectors += (s.ema ? 1 : 0) + (s.swaFrom ? 1 : 0);
  constexpr std::int64_t kKept = 5;  // last eigenvectors, an update and what it is made of
  return vectors + (s.curvatureEvery ? s.curvatureProducts.value_or(0) + s.curvatureTop.value_or(0) + kKept : 0);
}

std::int64_t bytesOf(const DataSplit& data) {
  std::size_t bytes = 0;
  for (const Dataset* part : {&data.train, &data.validation, &data.test})
    if (part->labels.defined()) bytes += part->inputs.nbytes() + part->labels.nbytes();
  return static_cast<std::int64_t>(bytes);
}

/// Items times how often their activations are held.
std::int64_t itemsHeld(const PreparedRun& run) {
  const std::int64_t all = run.data.train.count();
  const std::int64_t chunk = std::max(run.batchSize, kSmallestChunk);
  const std::int64_t gradient = (run.spec.penaltyProduct == "exact" ? 4 : 2) * std::min(all, chunk);
  const std::int64_t curvature = run.spec.curvatureEvery ? 4 * std::min(all, run.spec.curvatureSamples.value_or(kCurvatureItems)) : 0;
  return std::max(gradient, curvature);
}

}  // namespace

RunCost estimateCost(const RunSpec& spec) {
  const PreparedRun run = prepareRun(spec);
  const std::int64_t few = std::min<std::int64_t>(2, run.data.train.count()), more = std::min<std::int64_t>(4, run.data.train.count());
  const std::int64_t low = graphBytes(run, few), high = graphBytes(run, more);
  const std::int64_t perItem = more > few ? std::max<std::int64_t>(0, (high - low) / (more - few)) : high;

  RunCost cost{.steps = run.totalSteps(), .parameters = run.model->layout().size()};
  const std::int64_t vectors = vectorsOf(run.spec) * cost.parameters * static_cast<std::int64_t>(c10::elementSize(run.dtype));
  cost.bytes = 2 * bytesOf(run.data) + vectors + perItem * itemsHeld(run) + cost.steps * static_cast<std::int64_t>(sizeof(StepRecord)) + kThreadBytes;
  return cost;
}

std::int64_t chooseJobs(std::int64_t asked, std::int64_t runs, std::int64_t cores, std::int64_t threads, std::int64_t bytesPerRun, std::int64_t freeBytes) {
  std::int64_t jobs = asked;
  if (asked == 0) jobs = std::min(cores / std::max<std::int64_t>(1, threads), freeBytes / 2 / std::max<std::int64_t>(1, bytesPerRun));
  return std::clamp<std::int64_t>(jobs, 1, std::max<std::int64_t>(1, std::min(runs, cores)));
}

}  // namespace trainer
