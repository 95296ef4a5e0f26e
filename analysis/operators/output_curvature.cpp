// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/operators/output_curvature.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/grad_mode.h>

#include "analysis/operators/kept_graphs.h"
#include "trainer/base/error.h"

namespace analysis {
namespace {

/// Targets t of the cross entropy: (1 - s) onehot + s/C.
at::Tensor targets(const at::Tensor& labels, std::int64_t classes, double smoothing, const at::TensorOptions& options) {
  return at::one_hot(labels, classes).to(options) * (1 - smoothing) + smoothing / static_cast<double>(classes);
}

/// (diag(p) - p p') a, row by row.
at::Tensor softmaxCurvature(const at::Tensor& p, const at::Tensor& a) { return p * a - p * (p * a).sum(-1, true); }

}  // namespace

OutputCurvatureOperator::OutputCurvatureOperator(const ModelObjective& objective, OutputCurvature kind, const ModelObjective::Point& at, std::int64_t memoryBytes,
                                                 Context context)
    : objective_(objective), kind_(kind), at_{at.theta.detach().clone().requires_grad_(true), at.statistics}, context_(std::move(context)) {
  keptSize_ = objective_.chunkSize();
  kept_ = keepWhileItFits<Graph>(objective_.chunkCount(), memoryBytes, [this](std::int64_t c) {
    context_.checkpoint();
    return build(c);
  });
}

std::string OutputCurvatureOperator::name() const {
  if (kind_ == OutputCurvature::gaussNewton) return "gauss-newton";
  return kind_ == OutputCurvature::fisher ? "fisher" : "empirical-fisher";
}

OutputCurvatureOperator::Graph OutputCurvatureOperator::build(std::int64_t c) const {
  const torch::autograd::AutoGradMode recording(true);
  Graph g;
  g.z = objective_.chunkOutputs(c, at_);
  g.u = at::zeros(g.z.sizes(), g.z.options().requires_grad(false)).requires_grad_(true);
  g.backward = torch::autograd::grad({g.z}, {at_.theta}, {g.u}, /*retain_graph=*/true, /*create_graph=*/true).front();
  return g;
}

at::Tensor OutputCurvatureOperator::weighted(const at::Tensor& z, const at::Tensor& jv, std::int64_t c) const {
  const trainer::LossOptions& loss = objective_.parts().loss;
  const double items = static_cast<double>(objective_.parts().data.labels.numel());
  const auto classes = static_cast<double>(z.size(-1));
  const bool squares = loss.kind == "mse";
  if (kind_ == OutputCurvature::empiricalFisher) {
    const at::Tensor t = targets(objective_.chunkLabels(c).flatten(), z.size(-1), loss.labelSmoothing, z.options().requires_grad(false));
    const at::Tensor r = squares ? (z - t) * (2 / classes) : at::softmax(z, -1) - t;
    return r * (r * jv).sum(-1, true) / items;
  }
  if (squares) return jv * (2 / classes / items);
  const at::Tensor p = at::softmax(z, -1);
  if (kind_ == OutputCurvature::gaussNewton || loss.labelSmoothing == 0) return softmaxCurvature(p, jv) / items;
  // r(c) = (p - s/C) - (1 - s) e_c: its second moment under p is q q' - (1 - s)(q p' + p q') + (1 - s)^2 diag(p), q = p - s/C.
  const double keep = 1 - loss.labelSmoothing;
  const at::Tensor q = p - loss.labelSmoothing / classes;
  const at::Tensor qa = (q * jv).sum(-1, true), pa = (p * jv).sum(-1, true);
  return (q * qa - keep * (q * pa + p * qa) + keep * keep * p * jv) / items;
}

at::Tensor OutputCurvatureOperator::apply(const at::Tensor& v) {
  return objective_.withinMemory([&] {
    if (objective_.chunkSize() != keptSize_) kept_.clear();
    return product(v);
  });
}

at::Tensor OutputCurvatureOperator::product(const at::Tensor& v) {
  const bool decays = kind_ == OutputCurvature::gaussNewton;
  at::Tensor product = v.detach() * (decays ? objective_.weightDecay() : 0.0);
  for (std::int64_t c = 0; c < objective_.chunkCount(); ++c) {
    context_.checkpoint();
    const bool isKept = c < keptChunks();
    const Graph g = isKept ? kept_[static_cast<std::size_t>(c)] : build(c);
    const at::Tensor jv = torch::autograd::grad({g.backward}, {g.u}, {v.detach()}, /*retain_graph=*/true).front();
    const at::Tensor w = weighted(g.z.detach(), jv, c);
    product += torch::autograd::grad({g.z}, {at_.theta}, {w}, /*retain_graph=*/isKept).front();
  }
  if (!at::isfinite(product).all().item<bool>())
    throw trainer::NumericalError(fmt::format("the {} product is not finite at these parameters over {} samples; the run has probably diverged", name(), objective_.sampleCount()));
  return product.detach();
}

}  // namespace analysis
