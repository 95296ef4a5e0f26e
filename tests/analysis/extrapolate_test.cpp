// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/extrapolate.h"

#include <gtest/gtest.h>

#include <cmath>

namespace analysis {
namespace {

TEST(Extrapolate, SizesAreHalvingsOf32OrMore) {
  EXPECT_EQ(subsampleSizes(1024), (std::vector<std::int64_t>{64, 128, 256, 512}));
  EXPECT_EQ(subsampleSizes(100), (std::vector<std::int64_t>{50}));
  EXPECT_TRUE(subsampleSizes(40).empty());
}

TEST(Extrapolate, FindsTheLineThatIsThere) {
  const auto line = [](std::int64_t n) { return 3 + 50 / static_cast<double>(n); };
  std::vector<std::int64_t> asked;
  const Extrapolation e = extrapolate({line(512), 1e-3, 0, true}, 512, 2000, 4, 0, [&](std::int64_t n, std::int64_t k) {
    asked.push_back(n + k);
    return Eigenvalue{line(n), 2e-3, 0, true};
  });
  EXPECT_EQ(asked.size(), 16U);
  EXPECT_NEAR(e.atPopulation, line(2000), 1e-12);
  EXPECT_NEAR(e.atInfinity, 3, 1e-12);
  EXPECT_LT(e.spread, 1e-12);
  EXPECT_EQ(e.sizes.back().samples, 512);
  EXPECT_EQ(e.sizes.back().residual, std::vector<double>{1e-3});
  EXPECT_EQ(e.sizes.front().mean, line(32));
}

TEST(Extrapolate, SpreadIsThatOfTheSubsets) {
  const Extrapolation e = extrapolate({3, 0, 0, true}, 256, 256, 4, 0, [](std::int64_t, std::int64_t k) { return Eigenvalue{3 + (k % 2 == 0 ? 0.5 : -0.5), 0, 0, true}; });
  EXPECT_NEAR(e.sizes.front().deviation, std::sqrt(1.0 / 3), 1e-12);  // four values half a unit from their mean
  EXPECT_GT(e.spread, 0);
  EXPECT_LT(e.spread, 0.5);
}

TEST(Extrapolate, OneSizeLeadsNowhere) {
  const Extrapolation e = extrapolate({3, 0, 0, true}, 40, 1000, 4, 0, [](std::int64_t, std::int64_t) { return Eigenvalue{}; });
  EXPECT_EQ(e.sizes.size(), 1U);
  EXPECT_EQ(e.atPopulation, 3);
  EXPECT_EQ(e.atInfinity, 3);
}

}  // namespace
}  // namespace analysis
