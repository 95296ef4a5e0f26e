// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/operators/hessian.h"

#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/grad_mode.h>

#include <atomic>

#include "analysis/model_objective.h"
#include "trainer/base/error.h"

namespace analysis {
namespace {

/// Adds up what the tensor allocators hand out and take back while it is installed: at the end, the bytes that are still held.
class AllocationCounter : public c10::MemoryReportingInfoBase {
 public:
  void reportMemoryUsage(void*, std::int64_t size, std::size_t, std::size_t, c10::Device) override { bytes += size; }
  bool memoryProfilingEnabled() const override { return true; }
  std::atomic<std::int64_t> bytes = 0;
};

at::Tensor chunkGradient(const ModelObjective& objective, std::int64_t c, const at::Tensor& theta) {
  return torch::autograd::grad({objective.chunkLoss(c, theta)}, {theta}, {}, /*retain_graph=*/true, /*create_graph=*/true).front();
}

}  // namespace

HessianOperator::HessianOperator(const ModelObjective& objective, const at::Tensor& theta, std::int64_t memoryBytes, Context context)
    : objective_(objective), theta_(theta.detach().clone().requires_grad_(true)), context_(std::move(context)) {
  const torch::autograd::AutoGradMode recording(true);
  std::int64_t held = 0, largest = 0;
  for (std::int64_t c = 0; c < objective_.chunkCount() && held + largest <= memoryBytes; ++c) {
    context_.checkpoint();
    const auto counter = std::make_shared<AllocationCounter>();
    const c10::DebugInfoGuard installed(c10::DebugInfoKind::PROFILER_STATE, counter);
    at::Tensor g = chunkGradient(objective_, c, theta_);
    const std::int64_t bytes = counter->bytes;
    if (held + bytes > memoryBytes) return;
    held += bytes;
    largest = std::max(largest, bytes);
    kept_.push_back(std::move(g));
  }
}

at::Tensor HessianOperator::apply(const at::Tensor& v) {
  const torch::autograd::AutoGradMode recording(true);
  at::Tensor product = v.detach() * objective_.weightDecay();
  for (std::int64_t c = 0; c < objective_.chunkCount(); ++c) {
    context_.checkpoint();
    const bool isKept = c < keptChunks();
    const at::Tensor g = isKept ? kept_[static_cast<std::size_t>(c)] : chunkGradient(objective_, c, theta_);
    // A loss without curvature in theta has a gradient that does not depend on it.
    if (!g.requires_grad()) continue;
    const at::Tensor part = torch::autograd::grad({g}, {theta_}, {v.detach()}, /*retain_graph=*/isKept, /*create_graph=*/false,
                                                  /*allow_unused=*/true).front();
    if (part.defined()) product += part;
  }
  if (!at::isfinite(product).all().item<bool>())
    throw trainer::NumericalError(fmt::format("the Hessian product is not finite at these parameters over {} samples; the run has probably diverged", objective_.sampleCount()));
  return product.detach();
}

}  // namespace analysis
