// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/sweep_cost.h"

#include <ATen/ATen.h>
#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>

#include "trainer/data/dataset.h"
#include "trainer/model/model.h"
#include "trainer/run/run_record.h"

namespace trainer {
namespace {

constexpr std::int64_t kThreadBytes = std::int64_t{32} << 20;
constexpr std::int64_t kEvaluationChunk = 1024;  ///< items of one gradient of the whole set, as in evaluate.cpp

/// The most that the tensor allocators held at a time while it is installed.
class PeakCounter : public c10::MemoryReportingInfoBase {
 public:
  void reportMemoryUsage(void*, std::int64_t size, std::size_t, std::size_t, c10::Device) override {
    held_ += size;
    peak = std::max(peak, held_);
  }
  bool memoryProfilingEnabled() const override { return true; }
  std::int64_t peak = 0;

 private:
  std::int64_t held_ = 0;
};

/// As train() chooses where the data decide.
std::string modelName(const RunSpec& spec, const InputShape& shape) {
  if (!spec.model.empty()) return spec.model;
  if (spec.data == "spirals") return fmt::format("mlp:2-32-32-{}", shape.classes);
  if (shape.height == 28 && shape.width == 28) return "lenet";
  return fmt::format("mlp:{}-64-{}", shape.features(), shape.classes);
}

std::int64_t gradientPeak(const Model& model, const DataSplit& data, at::ScalarType dtype, std::int64_t items) {
  const auto counter = std::make_shared<PeakCounter>();
  const c10::DebugInfoGuard installed(c10::DebugInfoKind::PROFILER_STATE, counter);
  const at::Tensor theta = initialise(model.layout(), 0, dtype).requires_grad_();
  const at::Tensor x = normalise(data.train.inputs.narrow(0, 0, items), data.normalisation, dtype);
  const at::Tensor logits = model.forward(theta, x);
  torch::autograd::grad({logits.to(at::kDouble).square().mean()}, {theta});
  return counter->peak;
}

/// P-sized vectors that a training holds at a time.
std::int64_t vectorsOf(const RunSpec& s) {
  std::int64_t vectors = 4;  // theta, the kept copy, a gradient, what the base step makes of it
  if (s.sharpness != "none") vectors += 3;
  vectors += s.optimizer == "sgd" || s.optimizer == "lion" ? 1 : 2;
  vectors += (s.ema ? 1 : 0) + (s.swaFrom ? 1 : 0);
  return vectors + (s.curvatureEvery ? s.curvatureProducts.value_or(0) : 0);
}

std::int64_t bytesOf(const DataSplit& data) {
  std::int64_t bytes = 0;
  for (const Dataset* part : {&data.train, &data.validation, &data.test})
    if (part->labels.defined()) bytes += static_cast<std::int64_t>(part->inputs.nbytes() + part->labels.nbytes());
  return bytes;
}

/// Training items, where loadData() has not yet kept the first `data_limit` and set the validation share aside.
std::int64_t trainingItems(const RunSpec& spec, const DataSplit& data) {
  std::int64_t items = std::min(data.train.count(), spec.dataLimit.value_or(data.train.count()));
  if (data.validation.count() == 0) items -= static_cast<std::int64_t>(spec.validation * static_cast<double>(items));
  return std::max<std::int64_t>(1, items);
}

}  // namespace

RunCost estimateCost(const RunSpec& spec) {
  const DataSplit data = loadData(spec.data);
  const auto model = buildModel(modelName(spec, data.shape), spec.activation, data.shape);
  const at::ScalarType dtype = spec.precision == "double" ? at::kDouble : at::kFloat;
  const std::int64_t items = trainingItems(spec, data);
  const std::int64_t batch = spec.batchSize == kAllItems ? items : std::min(items, spec.batchSize);
  const std::int64_t few = std::min<std::int64_t>(2, items), more = std::min<std::int64_t>(4, items);
  const std::int64_t low = gradientPeak(*model, data, dtype, few), high = gradientPeak(*model, data, dtype, more);
  const std::int64_t perItem = more > few ? std::max<std::int64_t>(0, (high - low) / (more - few)) : high;
  std::int64_t together = std::max(batch, std::min(items, kEvaluationChunk));
  if (spec.curvatureEvery) together = std::max(together, std::min(items, spec.curvatureSamples.value_or(kEvaluationChunk)));

  RunCost cost;
  cost.steps = (items + batch - 1) / batch * spec.epochs;
  cost.parameters = model->layout().size();
  const std::int64_t vectors = vectorsOf(spec) * cost.parameters * static_cast<std::int64_t>(c10::elementSize(dtype));
  cost.bytes = 2 * bytesOf(data) + vectors + perItem * together + cost.steps * static_cast<std::int64_t>(sizeof(StepRecord)) + kThreadBytes;
  return cost;
}

std::int64_t chooseJobs(std::int64_t asked, std::int64_t runs, std::int64_t cores, std::int64_t threads, std::int64_t bytesPerRun, std::int64_t freeBytes) {
  std::int64_t jobs = asked;
  if (asked == 0) jobs = std::min(cores / std::max<std::int64_t>(1, threads), freeBytes / 2 / std::max<std::int64_t>(1, bytesPerRun));
  return std::clamp<std::int64_t>(jobs, 1, std::max<std::int64_t>(1, std::min(runs, cores)));
}

}  // namespace trainer
