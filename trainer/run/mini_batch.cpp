// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/mini_batch.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <utility>

#include "trainer/base/random.h"
#include "trainer/data/augment.h"
#include "trainer/optim/options_of.h"

namespace trainer {

MiniBatch batchOf(const PreparedRun& run, const at::Tensor& items, const at::Tensor& buffers, std::int64_t step) {
  const Dataset& data = run.data.train;
  at::Tensor inputs = data.inputs.index_select(0, items);
  if (run.spec.augment == "standard") inputs = augment(inputs, items, run.spec.seed, step / run.stepsPerEpoch());
  return {run, {.inputs = normalise(inputs, *run.spec.normalisation, run.dtype), .labels = data.labels.index_select(0, items), .buffers = buffers, .step = step}};
}

at::Tensor itemsOf(const PreparedRun& run, std::int64_t step) {
  const std::int64_t count = run.data.train.count(), start = step % run.stepsPerEpoch() * run.batchSize;
  const at::Tensor order = at::tensor(epochOrder(count, run.spec.seed, step / run.stepsPerEpoch()), at::kLong);
  return order.narrow(0, start, std::min(run.batchSize, count - start)).to(run.device());
}

MiniBatch::MiniBatch(const PreparedRun& run, Items items)
    : run_(run),
      items_(std::move(items)),
      groupSize_(std::min(run.spec.perturbationGroup.value_or(items_.labels.size(0)), items_.labels.size(0))),
      groups_((items_.labels.size(0) + groupSize_ - 1) / groupSize_),
      weightDecay_(lossDecayOf(run.spec)),
      updated_(items_.buffers) {}

std::int64_t MiniBatch::size(std::int64_t group) const { return std::min(groupSize_, items_.labels.size(0) - group * groupSize_); }

double MiniBatch::weight(std::int64_t group) const { return static_cast<double>(size(group)) / static_cast<double>(items_.labels.size(0)); }

at::Tensor MiniBatch::meanLossAt(std::int64_t group, const at::Tensor& theta, at::Tensor* updatedBuffers) const {
  const auto part = [&](const at::Tensor& t) { return groups_ == 1 ? t : t.narrow(0, group * groupSize_, size(group)); };
  Pass pass{.mode = Mode::train, .buffers = items_.buffers, .updatedBuffers = updatedBuffers};
  if (run_.spec.dropout > 0) pass.dropoutSeed = deriveSeed(run_.spec.seed, fmt::format("dropout/{}/{}", items_.step, group));
  return meanLoss(run_.model->forward(theta, part(items_.inputs), pass), part(items_.labels), run_.trainingLoss);
}

LossAndGradient MiniBatch::measure(std::int64_t group, const at::Tensor& theta, bool keepGraph) {
  const at::Tensor leaf = theta.detach().requires_grad_(), values = leaf.detach();
  at::Tensor buffers;
  const at::Tensor loss = meanLossAt(group, leaf, &buffers);
  if (buffers.defined()) {
    if (groups_ == 1) updated_ = buffers;
    else updated_ = group == 0 ? buffers * weight(group) : updated_ + buffers * weight(group);
  }
  kept_ = {};
  const at::Tensor gradient = torch::autograd::grad({loss}, {leaf}, {}, /*retain_graph=*/keepGraph, /*create_graph=*/keepGraph)[0];
  if (keepGraph) kept_ = {group, leaf, gradient};
  if (weightDecay_ == 0) return {loss.detach(), gradient.detach()};
  return {loss.detach() + 0.5 * weightDecay_ * values.square().sum(), at::add(gradient.detach(), values, weightDecay_)};
}

at::Tensor MiniBatch::again(std::int64_t group, const at::Tensor& theta) {
  const at::Tensor leaf = theta.detach().requires_grad_();
  const at::Tensor gradient = torch::autograd::grad({meanLossAt(group, leaf, nullptr)}, {leaf})[0];
  return weightDecay_ == 0 ? gradient : at::add(gradient, leaf.detach(), weightDecay_);
}

MiniBatch::Graph MiniBatch::graphOf(std::int64_t group, const at::Tensor& theta) const {
  const at::Tensor leaf = theta.detach().requires_grad_();
  return {group, leaf, torch::autograd::grad({meanLossAt(group, leaf, nullptr)}, {leaf}, {}, /*retain_graph=*/true, /*create_graph=*/true)[0]};
}

at::Tensor MiniBatch::hessianProduct(std::int64_t group, const at::Tensor& theta, const at::Tensor& v) {
  Graph graph = std::exchange(kept_, {});
  if (graph.group != group || !graph.leaf.is_alias_of(theta)) graph = graphOf(group, theta);
  at::Tensor product = weightDecay_ * v;
  if (!graph.gradient.requires_grad()) return product;  // a loss without curvature in theta
  const at::Tensor part =
      torch::autograd::grad({graph.gradient}, {graph.leaf}, {v.detach()}, /*retain_graph=*/false, /*create_graph=*/false, /*allow_unused=*/true)[0];
  return !part.defined() ? product : weightDecay_ == 0 ? part : product.add_(part);
}

}  // namespace trainer
