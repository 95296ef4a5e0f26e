// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/batch_norm.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "trainer/model/layers.h"

namespace trainer {
namespace {

/// Numbers without structure, the same each time.
at::Tensor wave(at::IntArrayRef shape, double start) {
  const std::int64_t count = at::zeros(shape).numel();
  return (at::arange(count, at::kDouble) * 1.37 + start).sin().view(shape);
}

struct Case {
  at::Tensor x = (wave({4, 3, 2, 3}, 0.1) + wave({4, 3, 2, 3}, 2.0).square()).requires_grad_();
  at::Tensor gamma = (1 + 0.3 * wave({3}, 0.5)).requires_grad_();
  at::Tensor beta = wave({3}, 0.9).requires_grad_();
};

/// Derivatives 1, 2 and 3 of a smooth function of the norm's output, each contracted with a fixed direction before the next.
std::vector<at::Tensor> derivatives(const at::Tensor& y, const Case& c) {
  std::vector<at::Tensor> all;
  at::Tensor scalar = (at::tanh(y) * wave(y.sizes(), 0.3)).sum();
  for (int order = 1; order <= 3; ++order) {
    const std::vector<at::Tensor> gradients = torch::autograd::grad({scalar}, {c.x, c.gamma, c.beta}, {}, std::nullopt, true);
    scalar = (gradients[0] * wave(c.x.sizes(), order)).sum() + (gradients[1] * wave({3}, 2.0 * order)).sum() + (gradients[2] * wave({3}, 3.0 * order)).sum();
    all.insert(all.end(), gradients.begin(), gradients.end());
  }
  return all;
}

TEST(BatchNorm, derivativesOfOrdersOneToThreeAreThoseOfTheWrittenOutForm) {
  const Case c;
  const at::Tensor y = batchNorm(c.x, c.gamma, c.beta, {});
  const at::Tensor twin = batchNormWrittenOut(c.x, c.gamma, c.beta);
  EXPECT_LT((y - twin).abs().max().item<double>(), 1e-14);
  const std::vector<at::Tensor> found = derivatives(y, c), expected = derivatives(twin, c);
  for (std::size_t i = 0; i < found.size(); ++i)  // rounding of sums over 24 numbers, in three orders
    EXPECT_LT((found[i] - expected[i]).norm().item<double>(), 1e-12 * (1 + expected[i].norm().item<double>())) << "derivative " << i / 3 + 1 << " part " << i % 3;
}

TEST(BatchNorm, firstBackwardIsTheSameWithAndWithoutAGraph) {
  const Case c;
  const at::Tensor scalar = batchNorm(c.x, c.gamma, c.beta, {}).sin().sum();
  const auto kept = torch::autograd::grad({scalar}, {c.x, c.gamma, c.beta}, {}, true, true);
  const auto fused = torch::autograd::grad({scalar}, {c.x, c.gamma, c.beta});
  for (std::size_t i = 0; i < 3; ++i) EXPECT_LT((kept[i] - fused[i]).abs().max().item<double>(), 1e-13) << i;
}

TEST(BatchNorm, runningStatisticsMoveByATenthToMeanAndUnbiasedVariance) {
  const Case c;
  const at::Tensor mean = wave({3}, 4), variance = 1 + 0.2 * wave({3}, 5);
  const RunningStatistics running{mean.clone(), variance.clone()};
  batchNorm(c.x, c.gamma, c.beta, running);
  const at::Tensor rows = c.x.detach().transpose(0, 1).flatten(1);
  EXPECT_LT((running.mean - (0.9 * mean + 0.1 * rows.mean(1))).abs().max().item<double>(), 1e-14);
  EXPECT_LT((running.variance - (0.9 * variance + 0.1 * rows.var(1, true))).abs().max().item<double>(), 1e-14);
}

/// A network of one convolution with bias and norm.
class OneLayer final : public Model {
 public:
  OneLayer() : Model("one layer"), layer_(appendConvolution({layout_, bufferLayout_}, "conv", {.inputs = 2, .outputs = 3, .bias = true}, "bn")) {}

 protected:
  at::Tensor apply(const Forward& f, const at::Tensor& x) const override { return layer_(f, x); }

 private:
  Convolution layer_;
};

TEST(BatchNorm, foldedIntoTheConvolutionItIsWhatLibTorchComputesUnfolded) {
  const OneLayer model;
  const at::Tensor theta = wave({model.layout().size()}, 0.2);
  const at::Tensor buffers = 1.5 + wave({model.bufferLayout().size()}, 0.7);
  const at::Tensor x = wave({2, 2, 5, 5}, 0.4);
  const std::vector<at::Tensor> p = theta.split_with_sizes(model.layout().counts());
  const std::vector<at::Tensor> b = buffers.split_with_sizes(model.bufferLayout().counts());
  const at::Tensor h = at::conv2d(x, p[0].view({3, 2, 3, 3}), p[1], 1, 1);
  const at::Tensor twin = at::batch_norm(h, p[2], p[3], b[0], b[1], false, kBatchNormMomentum, kBatchNormEps, false);
  EXPECT_LT((model.forward(theta, x, {.buffers = buffers}) - twin).abs().max().item<double>(), 1e-12);
}

TEST(BatchNorm, evaluationChangesNoBuffers) {
  const OneLayer model;
  const at::Tensor theta = wave({model.layout().size()}, 0.2), x = wave({2, 2, 5, 5}, 0.4);
  const at::Tensor buffers = model.initialBuffers(at::kDouble);
  EXPECT_TRUE(at::equal(buffers, at::cat({at::zeros({3}, at::kDouble), at::ones({3}, at::kDouble)})));
  at::Tensor updated;
  model.forward(theta, x, {.buffers = buffers, .updatedBuffers = &updated});
  EXPECT_FALSE(updated.defined());
  const at::Tensor before = buffers.clone();
  model.forward(theta, x, {.mode = Mode::train, .buffers = buffers, .updatedBuffers = &updated});
  EXPECT_TRUE(at::equal(buffers, before));
  EXPECT_FALSE(at::equal(updated, before));
  at::Tensor fromInitial;
  model.forward(theta, x, {.mode = Mode::train, .updatedBuffers = &fromInitial});
  EXPECT_TRUE(at::equal(updated, fromInitial));
  EXPECT_THROW(model.forward(theta, x, {.buffers = at::zeros({5})}), std::invalid_argument);
}

}  // namespace
}  // namespace trainer
