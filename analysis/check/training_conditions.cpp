// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/check/training_conditions.h"

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "trainer/base/random.h"
#include "trainer/data/augment.h"

namespace analysis {
namespace {

/// LibTorch's settings while a product is computed, and what they were behind it.
class ProductSettings {
 public:
  ProductSettings(bool reduced, bool deterministic) {
    if (reduced) at::globalContext().setFloat32MatmulPrecision("medium");
    at::globalContext().setDeterministicAlgorithms(deterministic, true);
  }
  ~ProductSettings() {
    static constexpr const char* kNames[] = {"highest", "high", "medium"};
    at::globalContext().setFloat32MatmulPrecision(kNames[static_cast<int>(precision_)]);
    at::globalContext().setDeterministicAlgorithms(deterministic_, warnOnly_);
  }
  ProductSettings(const ProductSettings&) = delete;
  ProductSettings& operator=(const ProductSettings&) = delete;

 private:
  at::Float32MatmulPrecision precision_ = at::globalContext().float32MatmulPrecision();
  bool deterministic_ = at::globalContext().deterministicAlgorithms(), warnOnly_ = at::globalContext().deterministicAlgorithmsWarnOnly();
};

class SetOperator : public LinearOperator {
 public:
  SetOperator(std::unique_ptr<LinearOperator> a, bool reduced, bool deterministic) : a_(std::move(a)), reduced_(reduced), deterministic_(deterministic) {}
  std::string name() const override { return a_->name(); }
  std::int64_t size() const override { return a_->size(); }
  at::TensorOptions options() const override { return a_->options(); }
  at::Tensor apply(const at::Tensor& v) override {
    const ProductSettings settings(reduced_, deterministic_);
    return a_->apply(v);
  }

 private:
  std::unique_ptr<LinearOperator> a_;
  bool reduced_, deterministic_;
};

}  // namespace

TrainingConditionsObjective::TrainingConditionsObjective(Parts parts, Conditions conditions, std::uint64_t seed)
    : ModelObjective(std::move(parts)), conditions_(std::move(conditions)), seed_(seed) {}

std::unique_ptr<LinearOperator> TrainingConditionsObjective::hessian(const at::Tensor& theta, std::int64_t memoryBytes, const Context& context) {
  const bool reduced = has(condition::kReducedPrecision), deterministic = theta.is_cuda() && !has(condition::kKernels);
  return std::make_unique<SetOperator>(ModelObjective::hessian(theta, memoryBytes, context), reduced, deterministic);
}

ModelObjective::Chunk TrainingConditionsObjective::chunk(std::int64_t c) const {
  if (c == 0) ++pass_;
  const std::int64_t count = sampleCount(), size = chunkSize(), from = c * size, to = std::min(count, from + size);
  if (c == 0 || order_.empty()) {
    order_.resize(static_cast<std::size_t>(count));
    std::iota(order_.begin(), order_.end(), 0);
    if (has(condition::kShuffling)) order_ = trainer::permutation(count, trainer::deriveSeed(seed_, fmt::format("order/{}", pass_)));
  }
  const at::Tensor rows = at::tensor(at::ArrayRef<std::int64_t>(order_).slice(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from)), at::kLong).to(parts().theta.device());
  Chunk samples{parts().data.inputs.index_select(0, rows), parts().data.labels.index_select(0, rows)};
  if (has(condition::kAugmentation)) samples.inputs = trainer::augment(samples.inputs, rows, seed_, pass_);
  return samples;
}

trainer::Pass TrainingConditionsObjective::pass(std::int64_t c, const at::Tensor& statistics) const {
  trainer::Pass p = ModelObjective::pass(c, statistics);
  if (!has(condition::kDropout)) return p;
  p.mode = trainer::Mode::train;
  p.dropoutSeed = trainer::deriveSeed(seed_, fmt::format("dropout/{}/{}", pass_, c));
  return p;
}

}  // namespace analysis
