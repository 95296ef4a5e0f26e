// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/dropout.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "trainer/base/random.h"

namespace trainer {
namespace {

TEST(Dropout, keepsWhereTheStreamsDrawIsAtLeastP) {
  for (const double p : {0.1, 0.5, 0.9}) {
    const at::Tensor mask = dropoutMask(at::zeros({3, 5, 7}, at::kDouble), p, 42);
    RandomStream stream(42);
    const at::Tensor rows = mask.flatten();
    for (std::int64_t i = 0; i < rows.numel(); ++i) EXPECT_EQ(rows[i].item<double>(), stream.uniform() >= p ? 1 / (1 - p) : 0.0) << i;
  }
}

TEST(Dropout, tensorArithmeticGivesTheLoopsBits) {
  const at::TensorOptions options = at::TensorOptions(at::kFloat);
  for (const std::uint64_t seed : {0ULL, 1ULL, 0x8000000000000000ULL, 0xffffffffffffffffULL, 0x9e3779b97f4a7c15ULL})
    EXPECT_TRUE(at::equal(dropoutMaskByLoop({41, 53}, 0.3, seed, options), dropoutMaskByTensors({41, 53}, 0.3, seed, options))) << seed;
}

TEST(Dropout, keepsTheShareThatItShould) {
  const double p = 0.3;
  const std::int64_t count = 100'000;
  const at::Tensor mask = dropoutMask(at::zeros({count}, at::kDouble), p, 3);
  // Five standard errors of a mean of Bernoulli numbers over (1-p).
  EXPECT_NEAR(mask.mean().item<double>(), 1, 5 * std::sqrt(p / (1 - p) / static_cast<double>(count)));
}

TEST(Dropout, theMaskFollowsTheElementNotItsPlaceInMemory) {
  const at::Tensor h = at::zeros({2, 3, 4, 5}, at::kFloat);
  const at::Tensor channelsLast = h.contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor mask = dropoutMask(channelsLast, 0.5, 9);
  EXPECT_TRUE(mask.is_contiguous(at::MemoryFormat::ChannelsLast));
  EXPECT_TRUE(at::equal(mask, dropoutMask(h, 0.5, 9)));
}

}  // namespace
}  // namespace trainer
