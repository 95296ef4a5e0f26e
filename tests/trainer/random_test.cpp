// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "trainer/data/dataset.h"

namespace trainer {
namespace {

TEST(Random, splitMix64GivesItsPublishedNumbers) {
  RandomStream zero(0);
  EXPECT_EQ(zero.next(), 0xe220a8397b1dcdafULL);
  EXPECT_EQ(zero.next(), 0x6e789e6aa1b965f4ULL);
  EXPECT_EQ(zero.next(), 0x06c45d188009454fULL);
  RandomStream other(1234567);
  EXPECT_EQ(other.next(), 6457827717110365317ULL);
  EXPECT_EQ(other.next(), 3203168211198807973ULL);
}

// Computed by a few lines of Python from the description in the header.
TEST(Random, seedsAndOrdersAreThoseAnOutsiderComputes) {
  EXPECT_EQ(deriveSeed(7, "order/0"), 0x1dbd7f4ed59237e0ULL);
  EXPECT_EQ(deriveSeed(0, "init/conv1.weight"), 0x84e9d2488e891244ULL);
  EXPECT_EQ(epochOrder(10, 7, 0), (std::vector<std::int64_t>{6, 3, 4, 1, 9, 5, 8, 7, 2, 0}));
  EXPECT_EQ(epochOrder(10, 7, 1), (std::vector<std::int64_t>{5, 3, 1, 8, 4, 2, 9, 7, 6, 0}));
}

TEST(Random, wordsAtOnceAreThoseOfTheStream) {
  const std::uint64_t seed = deriveSeed(3, "x");
  RandomStream stream(seed);
  for (std::uint64_t i = 0; i < 100; ++i) EXPECT_EQ(randomWord(seed, i), stream.next()) << i;
  EXPECT_EQ(randomWord(seed, 1000), 0xccb624fbe8ecbf36ULL);  // by the same few lines of Python
}

TEST(Random, aPermutationHoldsEachNumberOnce) {
  for (const std::int64_t count : {0, 1, 2, 1442}) {
    std::vector<std::int64_t> order = permutation(count, 3);
    std::sort(order.begin(), order.end());
    ASSERT_EQ(static_cast<std::int64_t>(order.size()), count);
    for (std::int64_t i = 0; i < count; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
  }
}

TEST(Random, normalNumbersHaveMeanZeroAndVarianceOne) {
  constexpr std::size_t kCount = 40'000;
  std::vector<double> x(kCount);
  fillNormal(x, 11);
  double sum = 0;
  double squares = 0;
  for (const double v : x) {
    sum += v;
    squares += v * v;
  }
  // Five standard errors: 1/sqrt(n) for the mean, sqrt(2/n) for the mean square.
  EXPECT_NEAR(sum / kCount, 0, 5 / std::sqrt(kCount));
  EXPECT_NEAR(squares / kCount, 1, 5 * std::sqrt(2.0 / kCount));
}

TEST(Random, belowStaysBelow) {
  RandomStream stream(5);
  std::vector<int> seen(7);
  for (int i = 0; i < 700; ++i) ++seen.at(stream.below(7));
  for (const int count : seen) EXPECT_GT(count, 50);  // 100 expected, standard deviation 9.3
}

}  // namespace
}  // namespace trainer
