// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/convolution.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

namespace trainer {
namespace {

at::Tensor wave(at::IntArrayRef shape, double start) {
  const std::int64_t count = at::zeros(shape).numel();
  return (at::arange(count, at::kDouble) * 1.37 + start).sin().view(shape);
}

struct Case {
  ConvolutionShape shape;
  bool bias;
  at::Tensor x = wave({3, 2, 6, 5}, 0.1).requires_grad_(), w = wave({4, 2, 3, 3}, 0.7).requires_grad_(), b = wave({4}, 0.9).requires_grad_();
  at::Tensor ours() const { return convolution(x, w, bias ? b : at::Tensor(), shape); }
  at::Tensor twin() const { return at::conv2d(x, w, bias ? b : at::Tensor(), shape.stride, shape.padding); }
  std::vector<at::Tensor> inputs() const { return bias ? std::vector<at::Tensor>{x, w, b} : std::vector<at::Tensor>{x, w}; }
};

std::vector<at::Tensor> derivatives(const at::Tensor& y, const Case& c) {
  std::vector<at::Tensor> all;
  at::Tensor scalar = (at::tanh(y) * wave(y.sizes(), 0.3)).sum();
  for (int order = 1; order <= 3; ++order) {
    const auto gradients = torch::autograd::grad({scalar}, c.inputs(), {}, std::nullopt, true);
    scalar = at::zeros({}, at::kDouble);
    for (const at::Tensor& g : gradients) scalar = scalar + (g * wave(g.sizes(), order)).sum();
    all.insert(all.end(), gradients.begin(), gradients.end());
  }
  return all;
}

// LibTorch's own convolution is the twin: the same sums in another order, over at most 3 * 30 numbers, in three orders; the values' over 18.
TEST(Convolution, ValuesAreLibTorchsAndDerivativesOfOrdersOneToThreeToo) {
  for (const Case& c : {Case{{1, 1}, false}, Case{{1, 1}, true}, Case{{2, 1}, true}, Case{{2, 0}, false}}) {
    EXPECT_LT((c.ours() - c.twin()).abs().max().item<double>(), 1e-14);
    const auto found = derivatives(c.ours(), c), expected = derivatives(c.twin(), c);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i)
      EXPECT_LT((found[i] - expected[i]).norm().item<double>(), 1e-12 * (1 + expected[i].norm().item<double>())) << "part " << i << " stride " << c.shape.stride;
  }
}

// What training in float does.
TEST(Convolution, InFloatValuesAndFirstDerivativesHaveLibTorchsBits) {
  Case c{{1, 1}, true};
  for (at::Tensor* t : {&c.x, &c.w, &c.b}) *t = t->detach().to(at::kFloat).requires_grad_();
  EXPECT_TRUE(at::equal(c.ours(), c.twin()));
  const auto found = torch::autograd::grad({c.ours().square().sum()}, c.inputs()), expected = torch::autograd::grad({c.twin().square().sum()}, c.inputs());
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(at::equal(found[i], expected[i])) << i;
}

// J'u is linear in u; its derivative along v is J v, and the input picture needs none.
TEST(Convolution, TheDerivativeOfABackwardByWhatStandsBehindItIsTheTangent) {
  const Case c{{1, 1}, true};
  const at::Tensor picture = c.x.detach(), y = convolution(picture, c.w, c.b, c.shape);
  const at::Tensor u = at::zeros_like(y).requires_grad_();
  const auto backward = torch::autograd::grad({y}, {c.w, c.b}, {u}, true, true);
  const at::Tensor v = wave(c.w.sizes(), 3), d = wave(c.b.sizes(), 4);
  const at::Tensor tangent = torch::autograd::grad({backward[0], backward[1]}, {u}, {v, d}).front();
  EXPECT_LT((tangent - at::conv2d(picture, v, d, 1, 1)).abs().max().item<double>(), 1e-13);
}

}  // namespace
}  // namespace trainer
