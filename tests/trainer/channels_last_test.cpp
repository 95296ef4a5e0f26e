// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/channels_last.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "trainer/model/model.h"

namespace trainer {
namespace {

constexpr auto kLast = at::MemoryFormat::ChannelsLast;

at::Tensor wave(at::IntArrayRef shape, double start) {
  const std::int64_t count = at::zeros(shape).numel();
  return (at::arange(count, at::kDouble) * 1.37 + start).sin().view(shape);
}

/// Derivatives of orders one to three of a sum over y, a function of x.
std::vector<at::Tensor> derivatives(const at::Tensor& y, const at::Tensor& x) {
  std::vector<at::Tensor> all;
  at::Tensor scalar = (at::tanh(y) * wave(y.sizes(), 0.3)).sum();
  for (int order = 1; order <= 3; ++order) {
    all.push_back(torch::autograd::grad({scalar}, {x}, {}, std::nullopt, true)[0]);
    scalar = (all.back() * wave(x.sizes(), order)).sum();
  }
  return all;
}

// The same numbers in the same order: a pool adds nothing up, and none of its windows overlap.
TEST(ChannelsLast, MaxPoolAndItsDerivativesAreLibTorchsAndKeepTheOrderOfMemory) {
  for (const auto format : {at::MemoryFormat::Contiguous, kLast}) {
    const at::Tensor x = wave({2, 3, 5, 6}, 0.4).contiguous(format).requires_grad_();
    EXPECT_TRUE(at::equal(maxPool(x), at::max_pool2d(x, {2, 2})));
    EXPECT_TRUE(at::equal(maxPool(x.detach()), at::max_pool2d(x, {2, 2})));
    const auto found = derivatives(maxPool(x), x), expected = derivatives(at::max_pool2d(x, {2, 2}), x);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_TRUE(at::equal(found[i], expected[i])) << i;
      EXPECT_TRUE(found[i].is_contiguous(format)) << i;
    }
    const at::Tensor u = at::zeros_like(maxPool(x)).requires_grad_();
    const at::Tensor back = torch::autograd::grad({maxPool(x)}, {x}, {u}, true, true)[0];
    const at::Tensor tangent = torch::autograd::grad({back}, {u}, {wave(x.sizes(), 2).contiguous(format)})[0];
    EXPECT_TRUE(tangent.is_contiguous(format));
  }
}

TEST(ChannelsLast, EverySecondPixelIsASliceAndItsDerivativeKeepsTheOrderOfMemory) {
  for (const auto format : {at::MemoryFormat::Contiguous, kLast}) {
    const at::Tensor x = wave({2, 3, 5, 6}, 0.4).contiguous(format).requires_grad_();
    const at::Tensor y = everyPixel(x, 2), twin = x.slice(2, 0, std::nullopt, 2).slice(3, 0, std::nullopt, 2);
    EXPECT_TRUE(at::equal(y, twin));
    EXPECT_TRUE(y.is_contiguous(format));
    const auto found = derivatives(y, x), expected = derivatives(twin, x);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(at::equal(found[i], expected[i])) << i;
    EXPECT_TRUE(found[0].is_contiguous(format));
  }
}

TEST(ChannelsLast, FloatImagesAreReorderedOthersNot) {
  for (const std::int64_t channels : {1, 3}) {
    const at::Tensor x = wave({2, channels, 4, 5}, 0).to(at::kFloat);
    EXPECT_TRUE(at::equal(channelsLast(x), x));
    EXPECT_EQ(channelsLast(x).suggest_memory_format(), kLast) << channels;
    EXPECT_EQ(channelsLast(x.to(at::kDouble)).suggest_memory_format(), at::MemoryFormat::Contiguous);
  }
}

/// Outputs, gradient and Hessian product of a network.
std::vector<at::Tensor> numbersOf(const Model& model, const InputShape& shape, at::ScalarType dtype) {
  const at::Tensor theta = initialise(model.layout(), 3, at::kDouble).to(dtype).requires_grad_(), x = wave({6, shape.channels, shape.height, shape.width}, 0.2).to(dtype);
  const at::Tensor z = model.forward(theta, x), labels = at::arange(6, at::kLong).remainder(shape.classes);
  const at::Tensor g = torch::autograd::grad({crossEntropy(z, labels)}, {theta}, {}, true, true)[0];
  return {z, g, torch::autograd::grad({g}, {theta}, {wave(theta.sizes(), 1).to(dtype)})[0]};
}

// In double nothing is reordered, and the convolutions are others: the plain twin. Float sums of at most 600 numbers, twenty layers deep: 2e-4 of the norm is ten times
// what both orders leave, and a misplaced number would be of the order of the norm.
TEST(ChannelsLast, NetworksSayTheSameInBothOrders) {
  const std::pair<const char*, InputShape> cases[] = {{"cnn", {1, 8, 8, 10}}, {"cnn", {3, 9, 8, 10}}, {"lenet", {1, 28, 28, 10}}, {"resnet20", {3, 16, 16, 10}}, {"wrn-16-4", {3, 8, 8, 10}}};
  for (const auto& [name, shape] : cases) {
    const auto model = buildModel(name, "gelu", shape);
    const auto found = numbersOf(*model, shape, at::kFloat), expected = numbersOf(*model, shape, at::kDouble);
    for (std::size_t i = 0; i < 3; ++i)
      EXPECT_LT((found[i].to(at::kDouble) - expected[i]).norm().item<double>(), 2e-4 * expected[i].norm().item<double>()) << name << " " << i;
  }
}

}  // namespace
}  // namespace trainer
