// SPDX-License-Identifier: GPL-3.0-or-later
// LibTorch's own layers are the twins.
#include "trainer/model/transformer_layers.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <functional>

namespace trainer {
namespace {

at::Tensor wave(at::IntArrayRef shape, double start) {
  const std::int64_t count = at::zeros(shape).numel();
  return (at::arange(count, at::kDouble) * 1.37 + start).sin().view(shape);
}

/// 3 * 47 rows of 37: neither a multiple of the lanes nor of the rows a part.
struct Case {
  const char* name;
  std::function<at::Tensor(const std::vector<at::Tensor>&)> ours, twin;
  std::vector<at::Tensor> inputs;
  std::function<at::Tensor(const std::vector<at::Tensor>&)> exact = twin;  ///< right in derivatives of every order
};

at::Tensor writtenOut(const std::vector<at::Tensor>& i) {
  const at::Tensor centred = i[0] - i[0].mean(-1, true);
  return centred * (centred.square().mean(-1, true) + 1e-6).rsqrt() * i[1] + i[2];
}

std::vector<Case> cases(at::ScalarType dtype) {
  const auto leaf = [&](const at::Tensor& t) { return t.to(dtype).requires_grad_(); };
  const at::Tensor x = 2 * wave({3, 47, 37}, 0.1) + wave({3, 47, 37}, 2.0).square(), gamma = 1 + 0.3 * wave({37}, 0.5), beta = wave({37}, 0.9);
  return {{"gelu", [](const auto& i) { return trainer::gelu(i[0]); }, [](const auto& i) { return at::gelu(i[0]); }, {leaf(x)}},
          {"softmax", [](const auto& i) { return trainer::softmax(i[0]); }, [](const auto& i) { return at::softmax(i[0], -1); }, {leaf(x)}},
          {"layer norm", [](const auto& i) { return layerNorm(i[0], i[1], i[2], 1e-6); }, [](const auto& i) { return at::layer_norm(i[0], {37}, i[1], i[2], 1e-6); },
           {leaf(x), leaf(gamma), leaf(beta)}, writtenOut}};
}

/// Derivatives of orders 1 to `orders` of a smooth function of y, each contracted with a fixed direction before the next; the last without a graph.
std::vector<at::Tensor> derivatives(const at::Tensor& y, const std::vector<at::Tensor>& inputs, int orders) {
  std::vector<at::Tensor> all;
  at::Tensor scalar = (at::tanh(y) * wave(y.sizes(), 0.3)).sum();
  for (int order = 1; order <= orders; ++order) {
    const auto gradients = torch::autograd::grad({scalar}, inputs, {}, true, order < orders);
    scalar = at::zeros({}, at::kDouble);
    for (std::size_t i = 0; i < gradients.size(); ++i) scalar = scalar + (gradients[i] * wave(gradients[i].sizes(), order + 0.1 * static_cast<double>(i))).sum();
    all.insert(all.end(), gradients.begin(), gradients.end());
  }
  return all;
}

// LibTorch's layer norm takes the saved statistics for constants in its second backward, so that its third derivative is wrong: the twin there is written out.
// Rounding of sums over 37 to 5,000 numbers in one to three orders. With `orders` = 2 the second backward is the one in a single sweep, with 3 the written-out one.
TEST(TransformerLayers, DerivativesOfOrdersOneToThree) {
  for (const Case& c : cases(at::kDouble))
    for (const int orders : {1, 2, 3}) {
      const auto found = derivatives(c.ours(c.inputs), c.inputs, orders), expected = derivatives(c.exact(c.inputs), c.inputs, orders);
      ASSERT_EQ(found.size(), expected.size());
      for (std::size_t i = 0; i < found.size(); ++i)
        EXPECT_LT((found[i] - expected[i]).norm().item<double>(), 1e-12 * (1 + expected[i].norm().item<double>())) << c.name << ", " << orders << " orders, part " << i;
    }
}

// What training does.
TEST(TransformerLayers, ValuesAndFirstDerivativesHaveLibTorchsBits) {
  for (const at::ScalarType dtype : {at::kFloat, at::kDouble})
    for (const Case& c : cases(dtype)) {
      const at::Tensor y = c.ours(c.inputs), twin = c.twin(c.inputs);
      EXPECT_TRUE(at::equal(y, twin)) << c.name;
      const auto found = torch::autograd::grad({y.sin().sum()}, c.inputs), expected = torch::autograd::grad({twin.sin().sum()}, c.inputs);
      for (std::size_t i = 0; i < found.size(); ++i) EXPECT_TRUE(at::equal(found[i], expected[i])) << c.name << " " << i;
    }
}

// To float's rounding, 6e-8 a number, through a few hundred of them.
TEST(TransformerLayers, SecondDerivativesInFloat) {
  const auto exact = cases(at::kDouble), single = cases(at::kFloat);
  for (std::size_t k = 0; k < exact.size(); ++k) {
    const auto expected = derivatives(exact[k].twin(exact[k].inputs), exact[k].inputs, 2), found = derivatives(single[k].ours(single[k].inputs), single[k].inputs, 2);
    for (std::size_t i = 0; i < found.size(); ++i)
      EXPECT_LT((found[i] - expected[i]).norm().item<double>(), 1e-5 * (1e-3 + expected[i].norm().item<double>())) << exact[k].name << " part " << i;
  }
}

}  // namespace
}  // namespace trainer
