// SPDX-License-Identifier: GPL-3.0-or-later
// LibTorch's convolution in double is the twin.
#include "trainer/model/double_convolution.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "trainer/model/double_tiles.h"

namespace trainer {
namespace {

at::Tensor wave(at::IntArrayRef shape, double start) {
  const std::int64_t count = at::zeros(shape).numel();
  return (at::arange(count, at::kDouble) * 1.37 + start).sin().view(shape);
}

struct Case {
  std::array<std::int64_t, 4> input;
  std::array<std::int64_t, 4> weight;
  ConvolutionShape shape;
  at::Tensor x = wave(input, 0.1), w = wave(weight, 0.7), b = wave({weight[0]}, 0.9);
  at::Tensor g = wave(at::conv2d(x, w, b, shape.stride, shape.padding).sizes(), 0.4);
};

std::array<at::Tensor, 3> twin(const Case& c, const at::Tensor& g, const at::Tensor& x, const at::Tensor& w, const at::Tensor& b) {
  const std::int64_t s = c.shape.stride, p = c.shape.padding;
  const auto [toX, toW, toB] = at::convolution_backward(g, x, w, std::nullopt, {s, s}, {p, p}, {1, 1}, false, {0, 0}, 1, {true, true, false});
  return {at::conv2d(x, w, b, s, p), toX, toW};
}

std::array<at::Tensor, 3> ours(const Case& c) {
  return {doubleConvolution(c.x, c.w, c.b, c.shape), doubleConvolutionToInput(c.g, c.input, c.w, c.shape), doubleConvolutionToWeight(c.g, c.x, c.weight, c.shape)};
}

std::vector<Case> cases() {
  return {{{3, 2, 6, 5}, {4, 2, 3, 3}, {1, 1}},   {{2, 3, 9, 8}, {16, 3, 3, 3}, {2, 1}},  {{2, 1, 11, 13}, {9, 1, 5, 5}, {1, 0}}, {{5, 7, 4, 4}, {17, 7, 1, 1}, {2, 0}},
          {{2, 3, 12, 12}, {5, 3, 4, 4}, {4, 0}}, {{2, 2, 10, 7}, {3, 2, 3, 2}, {3, 2}}, {{1, 40, 2, 2}, {33, 40, 3, 3}, {1, 1}}, {{7, 5, 17, 19}, {8, 5, 3, 3}, {1, 2}}};
}

// A sum of n products in another order differs by at most 2 n eps of the sum of their magnitudes, which the twin gives for |x| and |w|; n is at most 2,400 here.
TEST(DoubleConvolution, ValuesAndDerivativesAreLibTorchsUpToTheOrderOfTheSums) {
  const double bound = 2 * 2400 * std::numeric_limits<double>::epsilon();
  for (const Case& c : cases()) {
    const auto found = ours(c), expected = twin(c, c.g, c.x, c.w, c.b), magnitudes = twin(c, c.g.abs(), c.x.abs(), c.w.abs(), c.b.abs());
    for (std::size_t i = 0; i < found.size(); ++i) {
      ASSERT_EQ(found[i].sizes(), expected[i].sizes());
      EXPECT_TRUE(((found[i] - expected[i]).abs() <= bound * magnitudes[i]).all().item<bool>()) << "part " << i << " stride " << c.shape.stride;
      EXPECT_LT((found[i] - expected[i]).norm().item<double>(), 1e-13 * expected[i].norm().item<double>()) << "part " << i;
    }
  }
}

TEST(DoubleConvolution, TheNumberOfThreadsDoesNotMatter) {
  const int before = at::get_num_threads();
  for (const Case& c : cases()) {
    at::set_num_threads(1);
    const auto one = ours(c);
    at::set_num_threads(2);
    const auto two = ours(c);
    for (std::size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(at::equal(one[i], two[i])) << i;
  }
  at::set_num_threads(before);
}

TEST(DoubleConvolution, TakesTensorsThatDoNotLieInOrder) {
  const Case c = cases().front();
  const at::Tensor x = c.x.to(at::MemoryFormat::ChannelsLast), w = c.w.to(at::MemoryFormat::ChannelsLast), g = c.g.to(at::MemoryFormat::ChannelsLast);
  const auto expected = ours(c);
  EXPECT_TRUE(at::equal(doubleConvolution(x, w, c.b, c.shape), expected[0]));
  EXPECT_TRUE(at::equal(doubleConvolutionToInput(g, c.input, w, c.shape), expected[1]));
  EXPECT_TRUE(at::equal(doubleConvolutionToWeight(g, x, c.weight, c.shape), expected[2]));
}

// What does not reach an output must not spoil it: 0 times infinity.
TEST(DoubleConvolution, AnInfinitePixelSpoilsItsNeighboursOnly) {
  const Case c{{1, 1, 8, 30}, {3, 1, 3, 3}, {1, 1}};
  at::Tensor x = c.x.clone();
  x[0][0][4][15] = std::numeric_limits<double>::infinity();
  const at::Tensor finite = at::isfinite(doubleConvolution(x, c.w, {}, c.shape));
  EXPECT_EQ(finite.logical_not().sum().item<std::int64_t>(), 3 * 9);
  EXPECT_TRUE(at::isfinite(doubleConvolution(c.x, c.w, {}, c.shape)).all().item<bool>());
}

TEST(DoubleTiles, AreMatrixProducts) {
  const at::Tensor a = wave({7, 8}, 0.1), b = wave({7, 48}, 0.2), left = wave({6, 40}, 0.3), right = wave({4, 40}, 0.4);
  at::Tensor c = at::empty({8, 48}, at::kDouble), sums = at::ones({6, 4, 8}, at::kDouble);
  outerTile({a.const_data_ptr<double>(), b.const_data_ptr<double>(), 7, 48}, c.mutable_data_ptr<double>());
  dotTile({left.const_data_ptr<double>(), right.const_data_ptr<double>(), 40, 40, 40}, sums.mutable_data_ptr<double>());
  EXPECT_LT((c - at::mm(a.t(), b)).abs().max().item<double>(), 1e-14);
  EXPECT_LT((sums.sum(-1) - 8 - at::mm(left, right.t())).abs().max().item<double>(), 1e-13);
}

}  // namespace
}  // namespace trainer
