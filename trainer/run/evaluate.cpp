// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/evaluate.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>

namespace trainer {
namespace {

constexpr std::int64_t kChunk = 1024;

template <class Use>
void forEachChunk(const Dataset& data, const Normalisation& normalisation, at::ScalarType dtype, const Use& use) {
  for (std::int64_t start = 0; start < data.count(); start += kChunk) {
    const std::int64_t count = std::min(kChunk, data.count() - start);
    use(normalise(data.inputs.narrow(0, start, count), normalisation, dtype), data.labels.narrow(0, start, count));
  }
}

}  // namespace

LossAndAccuracy evaluate(const Model& model, const at::Tensor& theta, const Dataset& data, const Normalisation& normalisation,
                         const Context& context, const at::Tensor& buffers, const LossOptions& loss) {
  const at::NoGradGuard noGradient;
  at::Tensor sums = at::zeros({2}, theta.options().dtype(at::kDouble).requires_grad(false));
  forEachChunk(data, normalisation, theta.scalar_type(), [&](const at::Tensor& x, const at::Tensor& labels) {
    context.checkpoint();
    const at::Tensor logits = model.forward(theta, x, {.buffers = buffers});
    const at::Tensor losses = itemLosses(logits, labels, loss);
    const at::Tensor right = logits.argmax(-1).eq(labels);
    sums += at::stack({losses.sum(at::kDouble), right.sum(at::kDouble)});
  });
  const at::Tensor mean = (sums / static_cast<double>(data.labels.numel())).to(at::kCPU);
  return {.loss = mean[0].item<double>(), .accuracy = mean[1].item<double>()};
}

at::Tensor fullGradient(const Model& model, const at::Tensor& theta, const Dataset& data, const Normalisation& normalisation, double weightDecay,
                        const at::Tensor& buffers, const LossOptions& loss) {
  const at::Tensor leaf = theta.detach().requires_grad_();
  at::Tensor sum = at::zeros(theta.sizes(), theta.options().dtype(at::kDouble).requires_grad(false));
  forEachChunk(data, normalisation, theta.scalar_type(), [&](const at::Tensor& x, const at::Tensor& labels) {
    const at::Tensor losses = itemLosses(model.forward(leaf, x, {.buffers = buffers}), labels, loss);
    sum += torch::autograd::grad({losses.sum()}, {leaf})[0];
  });
  return sum / static_cast<double>(data.labels.numel()) + weightDecay * theta.detach().to(at::kDouble);
}

}  // namespace trainer
