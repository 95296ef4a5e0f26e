// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/batch_norm.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <array>

namespace trainer {
namespace {

at::Tensor alongChannels(const at::Tensor& v) { return v.view({1, -1, 1, 1}); }

struct Standardised {
  at::Tensor values, inverseDeviation;
};

Standardised standardise(const at::Tensor& x) {
  const at::Tensor centred = x - x.mean({0, 2, 3}, true);
  const at::Tensor inverseDeviation = (centred.square().mean({0, 2, 3}, true) + kBatchNormEps).rsqrt();
  return {centred * inverseDeviation, inverseDeviation};
}

class BatchNorm : public torch::autograd::Function<BatchNorm> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x, const at::Tensor& gamma, const at::Tensor& beta,
                            const RunningStatistics& running) {
    const auto [y, mean, inverseDeviation] =
        at::native_batch_norm(x, gamma, beta, running.mean, running.variance, true, kBatchNormMomentum, kBatchNormEps);
    context->save_for_backward({x, gamma, mean, inverseDeviation});
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, const torch::autograd::variable_list& outputs) {
    const torch::autograd::variable_list saved = context->get_saved_variables();
    const at::Tensor &g = outputs[0], &x = saved[0], &gamma = saved[1];
    if (!at::GradMode::is_enabled()) {
      auto [toX, toGamma, toBeta] =
          at::native_batch_norm_backward(g, x, gamma, {}, {}, saved[2], saved[3], true, kBatchNormEps, std::array{true, true, true});
      return {toX, toGamma, toBeta, {}};
    }
    const Standardised s = standardise(x);
    const double inverseCount = static_cast<double>(gamma.numel()) / static_cast<double>(x.numel());
    const at::Tensor toBeta = g.sum({0, 2, 3});
    const at::Tensor toGamma = (g * s.values).sum({0, 2, 3});
    const at::Tensor common = alongChannels(toBeta) + s.values * alongChannels(toGamma);
    return {alongChannels(gamma) * s.inverseDeviation * (g - inverseCount * common), toGamma, toBeta, {}};
  }
};

}  // namespace

at::Tensor batchNorm(const at::Tensor& x, const at::Tensor& gamma, const at::Tensor& beta, const RunningStatistics& running) {
  return BatchNorm::apply(x, gamma, beta, running);
}

at::Tensor batchNormWrittenOut(const at::Tensor& x, const at::Tensor& gamma, const at::Tensor& beta) {
  return standardise(x).values * alongChannels(gamma) + alongChannels(beta);
}

}  // namespace trainer
