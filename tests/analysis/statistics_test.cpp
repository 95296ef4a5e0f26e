// SPDX-License-Identifier: GPL-3.0-or-later
// Expected numbers are scipy 1.x's (stats.t, special.betainc, ttest_ind(equal_var=False), ttest_rel, binomtest, kendalltau, permutation_test).
#include "analysis/comparison/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <tuple>

#include "trainer/base/random.h"

namespace analysis {
namespace {

constexpr double kRelative = 1e-10;  ///< what lgamma of 1e5 (about 1e6, sixteen digits) leaves

void near(double found, double expected) { EXPECT_NEAR(found, expected, kRelative * std::abs(expected)) << expected; }

TEST(Statistics, IncompleteBetaIsScipys) {
  near(incompleteBeta(0.5, 0.5, 0.3), 0.36901011956554536);
  near(incompleteBeta(2, 3, 0.5), 0.6875);
  near(incompleteBeta(10, 0.5, 0.99), 0.6579281751567845);
  near(incompleteBeta(1000, 0.5, 0.9), 9.816333152380961e-48);
  near(incompleteBeta(5000, 5000, 0.505), 0.8413447463710366);
  near(incompleteBeta(1e5, 0.5, 0.99999), 0.15729868816242573);
  EXPECT_EQ(incompleteBeta(2, 3, 0), 0);
  EXPECT_EQ(incompleteBeta(2, 3, 1), 1);
  EXPECT_THROW(incompleteBeta(0, 1, 0.5), std::invalid_argument);
}

TEST(Statistics, StudentIsScipys) {
  near(studentTwoSided(2, 1), 0.2951672353008665);
  near(studentTwoSided(-2.5, 4.37), 0.061530218062844255);
  near(studentTwoSided(0.1, 7), 0.9231480596047924);
  near(studentTwoSided(12, 3.2), 0.0009087693416178451);
  near(studentTwoSided(1.96, 1e4), 0.05002352023183303);
  near(studentTwoSided(40, 9), 1.8982998449339822e-11);
  EXPECT_EQ(studentTwoSided(INFINITY, 3), 0);
  near(studentCritical(0.05, 1), 12.706204736174705);
  near(studentCritical(0.05, 2.5), 3.5746548420036834);
  near(studentCritical(0.05, 4), 2.7764451051977943);
  near(studentCritical(0.05, 100), 1.983971518523552);
}

TEST(Statistics, WelchIsScipys) {
  const DifferenceTest t = welch({0.5312, 0.4987, 0.6105, 0.5555, 0.4702}, {0.0912, 0.1035, 0.0871, 0.1150});
  near(t.statistic, -17.40723854073228);
  near(t.freedom, 4.538713239209737);
  near(t.p, 2.4935482403636756e-05);
  near(t.low, -0.5001228247667567);
  near(t.high, -0.36791717523324335);
  EXPECT_TRUE(std::isnan(welch({1}, {1, 2}).p)) << "one value has no deviation";
}

TEST(Statistics, WithoutVariationTheExactPermutationTestDecides) {
  const DifferenceTest t = welch({1, 1, 1, 1, 1}, {2, 2, 2, 2, 2});
  EXPECT_TRUE(t.permutation);
  near(t.p, 0.007936507936507936);
  near(welch({1, 1, 1, 1}, {2, 2, 2}).p, 0.05714285714285714);
  EXPECT_EQ(welch({0.1, 0.1, 0.1}, {0.1, 0.1}).p, 1) << "equal values have equal means, whatever a sum of tenths rounds to";
}

TEST(Statistics, PairedIsScipys) {
  const DifferenceTest t = paired({0.3, 0.1, 0.25, 0.7, 0.9, 0.33}, {0.35, 0.05, 0.3, 0.75, 0.91, 0.4});
  near(t.statistic, 1.6770509831248426);
  near(t.p, 0.1543772504844133);
  near(t.low, -0.01598396580967192);
  near(t.high, 0.07598396580967194);
  EXPECT_EQ(paired({1, 2}, {1, 2}).p, 1);
  EXPECT_EQ(paired({1, 2, 3}, {2, 3, 4}).p, 0.25);
}

TEST(Statistics, McNemarIsTheExactBinomial) {
  near(mcnemar(3, 12), 0.03515625);
  EXPECT_EQ(mcnemar(5, 6), 1);
  near(mcnemar(0, 5), 0.0625);
  near(mcnemar(71, 40), 0.004195534185394861);
  EXPECT_EQ(mcnemar(300, 300), 1);
  near(mcnemar(1000, 1100), 0.03072070786424249);
  EXPECT_EQ(mcnemar(0, 0), 1) << "two models that answer alike";
}

TEST(Statistics, HolmIsMonotoneAndLeavesGaps) {
  const std::vector<double> p = holm({0.01, 0.04, NAN, 0.03, 0.005, 0.5});
  const std::vector<double> expected = {0.04, 0.09, NAN, 0.09, 0.025, 0.5};
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (std::isnan(expected[i])) EXPECT_TRUE(std::isnan(p[i]));
    else EXPECT_NEAR(p[i], expected[i], 1e-15) << i;
  }
}

TEST(Statistics, KendallsTauIsScipysWithTies) {
  near(kendallTau({1, 2, 2, 3, 4, 5, 5, 7}, {2, 1, 4, 4, 3, 6, 6, 9}), 0.7307692307692308);
  const std::vector<double> x = {2.0, -2.6, 0.4, -0.6, -0.5, -0.2, -2.0, -0.2, -0.9, 3.3, 0.2, -0.4, -0.3, -0.7, -1.1, -0.4, 0.5, -0.2, 1.0, -0.2, 0.0, 1.5, 0.5, -0.5, -0.2, 0.5,
      1.9, -0.3, -0.2, 1.0, -0.9, -0.3, 0.9, 0.6, 0.1, 0.7, -2.8, 1.0, -1.0, -1.7, 0.3, 0.7, -0.4, -1.1, 0.0, -0.1, 1.4, 0.7, 0.2, 1.1, -0.2, -0.9,
      0.6, 0.6, -0.2, -0.8, 0.2, -2.5, 0.7, 0.5};
  const std::vector<double> y = {0.4, -2.5, -0.6, 0.2, -2.5, -1.1, -1.3, 1.0, -3.1, 2.8, 0.5, -1.0, 1.3, -1.9, -0.7, -1.4, 1.9, -0.2, 0.6, -1.9, 1.7, 2.3, 1.3, 0.6, 0.1, -0.1, 1.1,
      -1.1, 1.2, -0.5, -1.5, -0.6, 1.1, 1.2, -1.1, -1.0, -2.8, 2.2, -0.2, -1.5, -0.0, 1.0, -0.6, -0.3, -0.8, 0.0, 1.3, 1.2, 0.4, 3.7, 1.3, 0.6, -1.4,
      0.3, -0.8, -0.3, -2.1, -1.3, 1.8, -0.8};
  near(kendallTau(x, y), 0.4469097037398425);
  EXPECT_EQ(kendallTau({1, 2, NAN, 3}, {3, 2, 9, 1}), -1);
  EXPECT_TRUE(std::isnan(kendallTau({1, 1, 1}, {1, 2, 3}))) << "what does not vary has no rank correlation";
}

/// Of 4,000 tests of equals at 5 %, k are false with k binomial where the test is exact: 200 +- 14; Welch's t with 5 and 5 normal values is a little conservative.
/// 5 deviations above is 270.
TEST(Statistics, WelchCallsAboutOneInTwentyEqualsDifferent) {
  trainer::RandomStream random(17);
  int wrong = 0;
  for (int trial = 0; trial < 4000; ++trial) {
    std::vector<double> a(5), b(5);
    for (double& v : a) v = random.normal();
    for (double& v : b) v = 3 + 2 * random.normal();
    for (double& v : b) v -= 3;
    wrong += welch(a, b).p <= 0.05;
  }
  EXPECT_LT(wrong, 270);
  EXPECT_GT(wrong, 100) << "a test that calls nothing different is none";
}

}  // namespace
}  // namespace analysis
