// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/operators/hessian.h"

#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/grad_mode.h>

#include "analysis/operators/kept_graphs.h"
#include "trainer/base/error.h"

namespace analysis {
namespace {

at::Tensor chunkGradient(const ModelObjective& objective, std::int64_t c, const ModelObjective::Point& at) {
  return torch::autograd::grad({objective.chunkLoss(c, at)}, {at.theta}, {}, /*retain_graph=*/true, /*create_graph=*/true).front();
}

}  // namespace

HessianOperator::HessianOperator(const ModelObjective& objective, const ModelObjective::Point& at, std::int64_t memoryBytes, Context context)
    : objective_(objective), at_{at.theta.detach().clone().requires_grad_(true), at.statistics}, context_(std::move(context)) {
  const torch::autograd::AutoGradMode recording(true);
  keptSize_ = objective_.chunkSize();
  kept_ = keepWhileItFits<at::Tensor>(objective_.chunkCount(), memoryBytes, [this](std::int64_t c) {
    context_.checkpoint();
    return chunkGradient(objective_, c, at_);
  });
}

at::Tensor HessianOperator::apply(const at::Tensor& v) {
  return objective_.withinMemory([&] {
    if (objective_.chunkSize() != keptSize_) kept_.clear();
    return product(v);
  });
}

at::Tensor HessianOperator::product(const at::Tensor& v) {
  const torch::autograd::AutoGradMode recording(true);
  at::Tensor product = v.detach() * objective_.weightDecay();
  for (std::int64_t c = 0; c < objective_.chunkCount(); ++c) {
    context_.checkpoint();
    const bool isKept = c < keptChunks();
    const at::Tensor g = isKept ? kept_[static_cast<std::size_t>(c)] : chunkGradient(objective_, c, at_);
    // A loss without curvature in theta has a gradient that does not depend on it.
    if (!g.requires_grad()) continue;
    const at::Tensor part = torch::autograd::grad({g}, {at_.theta}, {v.detach()}, /*retain_graph=*/isKept, /*create_graph=*/false,
                                                  /*allow_unused=*/true).front();
    if (part.defined()) product += part;
  }
  if (!at::isfinite(product).all().item<bool>())
    throw trainer::NumericalError(fmt::format("the Hessian product is not finite at these parameters over {} samples; the run has probably diverged", objective_.sampleCount()));
  return product.detach();
}

}  // namespace analysis
