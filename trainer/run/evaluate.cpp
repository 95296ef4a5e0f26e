// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/evaluate.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>

#include "trainer/chunk_memory.h"
#include "trainer/optim/options_of.h"

namespace trainer {
namespace {

constexpr std::int64_t kCpuChunk = 256, kGpuChunk = 1024, kSmallestChunk = 32;

/// Calls use(x, labels) for pieces of `data` in file order.
template <class Use>
void forEachChunk(const PreparedRun& run, const Dataset& data, std::int64_t chunk, const Use& use) {
  for (std::int64_t start = 0; start < data.count(); start += chunk) {
    const std::int64_t count = std::min(chunk, data.count() - start);
    use(normalise(data.inputs.narrow(0, start, count), *run.spec.normalisation, run.dtype), data.labels.narrow(0, start, count));
  }
}

std::int64_t chunkFor(const PreparedRun& run) { return run.device().is_cpu() ? kCpuChunk : kGpuChunk; }

}  // namespace

LossAndAccuracy evaluate(const PreparedRun& run, const ModelPoint& at, const Dataset& data, const Context& context) {
  const at::NoGradGuard noGradient;
  std::int64_t chunk = chunkFor(run);
  const at::Tensor sums = withinMemory(chunk, data.count(), false, [&] {
    at::Tensor sum = at::zeros({2}, at.theta.options().dtype(at::kDouble).requires_grad(false));
    forEachChunk(run, data, chunk, [&](const at::Tensor& x, const at::Tensor& labels) {
      context.checkpoint();
      const at::Tensor logits = run.model->forward(at.theta, x, {.buffers = at.buffers});
      const at::Tensor right = logits.argmax(-1).eq(labels);
      sum += at::stack({itemLosses(logits, labels, run.plainLoss).sum(at::kDouble), right.sum(at::kDouble)});
    });
    return sum;
  });
  const at::Tensor mean = (sums / static_cast<double>(data.labels.numel())).to(at::kCPU);
  return {.loss = mean[0].item<double>(), .accuracy = mean[1].item<double>()};
}

at::Tensor fullGradient(const PreparedRun& run, const ModelPoint& at) {
  const at::Tensor leaf = at.theta.detach().requires_grad_();
  // What a training step holds in memory, a gradient of the whole set may hold too.
  std::int64_t chunk = std::clamp<std::int64_t>(run.batchSize, kSmallestChunk, chunkFor(run));
  const at::Tensor sum = withinMemory(chunk, run.data.train.count(), false, [&] {
    at::Tensor all = at::zeros(leaf.sizes(), leaf.options().dtype(at::kDouble).requires_grad(false));
    forEachChunk(run, run.data.train, chunk, [&](const at::Tensor& x, const at::Tensor& labels) {
      const at::Tensor loss = itemLosses(run.model->forward(leaf, x, {.buffers = at.buffers}), labels, run.trainingLoss).sum();
      all += torch::autograd::grad({loss}, {leaf})[0];
    });
    return all;
  });
  return sum / static_cast<double>(run.data.train.labels.numel()) + lossDecayOf(run.spec) * leaf.detach().to(at::kDouble);
}

}  // namespace trainer
