// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>

#include "trainer/optim/base_steps.h"

namespace trainer {
namespace {

/// theta -= eta sign(b1 m + (1 - b1) g); m = b2 m + (1 - b2) g, m = 0 at first. Chen et al., NeurIPS 2023 (arXiv 2302.06675), alg. 2. The paper
/// subtracts eta (sign + wd theta); decay first, as in published codes, is the same. Memory: one vector.
class Lion : public BaseStep {
 public:
  Lion(const BaseOptions& options, const at::Tensor& theta)
      : beta1_(options.beta1), beta2_(options.beta2), momentum_(at::zeros_like(theta.detach())) {}

  void apply(at::Tensor theta, const at::Tensor& gradient, double rate) override {
    const at::Tensor update = (momentum_ * beta1_).add_(gradient, 1 - beta1_).sign_();
    theta.detach().add_(update, -rate);
    momentum_.mul_(beta2_).add_(gradient, 1 - beta2_);
  }
  OptimizerState state() const override { return {.vectors = {{"lion_momentum", momentum_.clone()}}, .numbers = {}}; }
  void restore(const OptimizerState& state) override {
    const at::Tensor kept = vectorOf(state, "lion_momentum");
    if (kept.defined())
      momentum_.copy_(kept);
    else
      momentum_.zero_();
  }

 private:
  double beta1_, beta2_;
  at::Tensor momentum_;
};

}  // namespace

std::unique_ptr<BaseStep> makeLion(const BaseOptions& options, const at::Tensor& theta) { return std::make_unique<Lion>(options, theta); }

}  // namespace trainer
