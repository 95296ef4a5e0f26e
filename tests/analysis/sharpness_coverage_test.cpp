// SPDX-License-Identifier: GPL-3.0-or-later
// Every interval that is printed covers what it claims: over 200 seeds, 68 % ones 60-76 %, 95 % ones 91-98 % (2.4 standard deviations of the binomial).
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <cmath>

#include "analysis/sharpness/flatness.h"
#include "analysis/sharpness/noise.h"
#include "tests/analysis/sampled_quadratic.h"
#include "tests/analysis/small_problem.h"

namespace analysis {
namespace {

using testing::gaussian;
using testing::SampledQuadratic;

constexpr int kSeeds = 200;

struct Coverage {
  int in68 = 0, in95 = 0;
  void add(const RiseInterval& i68, const RiseInterval& i95, double truth) {
    in68 += i68.low <= truth && truth <= i68.high ? 1 : 0;
    in95 += i95.low <= truth && truth <= i95.high ? 1 : 0;
  }
  void check() const {
    EXPECT_GE(in68, 0.60 * kSeeds);
    EXPECT_LE(in68, 0.76 * kSeeds);
    EXPECT_GE(in95, 0.91 * kSeeds);
    EXPECT_LE(in95, 0.98 * kSeeds);
  }
};

/// Away from its centre, so that there is a first-order term; one eigenvalue rules, which is what skews the draws most.
SampledQuadratic skewed() {
  at::Tensor values = at::full({8}, 0.1, at::kDouble);
  values[2] = 10, values[5] = 3;
  return SampledQuadratic::diagonal(values, gaussian(8, 1), at::zeros({8}, at::kDouble));
}
constexpr double kTrace = 10 + 3 + 0.6;

TEST(AverageCase, IntervalsCoverSigmaSquaredTraceOverTwo) {
  SampledQuadratic f = skewed();
  const at::Tensor g = f.gradient(f.theta0());
  const double loss = f.evaluate(f.theta0()).loss, truth = 0.3 * 0.3 * kTrace / 2;
  const Ball ball("l2", false, f.theta0());
  Coverage coverage;
  double worst = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const MeanEstimate e = averageRise({f, ball, g, loss, 20, seed}, 0.3, {});
    coverage.add(e.interval68, e.interval95, truth);
    worst = std::max(worst, std::abs(e.mean - truth) / e.standardError);
  }
  coverage.check();
  EXPECT_LT(worst, 8);  // t of 19 degrees, skewed: beyond 8 in 200 seeds would be another distribution
}

TEST(AverageCase, AdaptiveIsSigmaSquaredTraceOfTheScaledHessian) {
  SampledQuadratic f = skewed();
  const Ball ball("l2", true, f.theta0());
  const at::Tensor diagonal = (*f.hessian(f.theta0(), 0, {})).apply(at::ones({8}, at::kDouble));
  const double truth = 0.01 * (diagonal * f.theta0().square()).sum().item<double>() / 2;
  const MeanEstimate e = averageRise({f, ball, f.gradient(f.theta0()), f.evaluate(f.theta0()).loss, 2000, 5}, 0.1, {});
  EXPECT_NEAR(e.mean, truth, 4 * e.standardError);
  EXPECT_LT(e.standardError, 0.05 * truth);
}

TEST(PacBayes, SigmaCoversTheRootOfTwoTargetsOverTheTrace) {
  SampledQuadratic f = skewed();
  const at::Tensor g = f.gradient(f.theta0());
  const double loss = f.evaluate(f.theta0()).loss, truth = std::sqrt(2 * 0.1 / kTrace);
  const Ball ball("l2", false, f.theta0());
  Coverage coverage;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const PacBayesSigma s = pacBayesSigma({f, ball, g, loss, 20, seed}, 0.1, {});
    EXPECT_NEAR(s.rise, 0.1, 2.5e-3 * 0.1);  // bisected to 1e-3 in log sigma, where the rise goes as its square
    coverage.add(s.interval68, s.interval95, truth);
  }
  coverage.check();
}

TEST(MeanInterval, NeedsTwoDrawsAndIsAPointWhereTheyAgree) {
  EXPECT_THROW(estimateMean({1.0}), std::invalid_argument);
  const MeanEstimate same = estimateMean({2, 2, 2});
  EXPECT_EQ(same.standardError, 0);
  EXPECT_EQ(same.interval95.low, 2);
}

TEST(PenaltyApproximation, IsExactOnAQuadraticAndSilentWithoutAGradient) {
  SampledQuadratic f = skewed();
  const at::Tensor g = f.gradient(f.theta0());
  const at::Tensor product = f.hessian(f.theta0(), 0, {})->apply(g / normOf(g));
  for (const PenaltyApproximation& a : penaltyApproximation(f, g, product, {0.01, 0.1, 1}, {})) {
    EXPECT_LT(a.relativeError, 1e-11) << a.rho;
    EXPECT_NEAR(a.cosine, 1, 1e-12);
  }
  EXPECT_TRUE(penaltyApproximation(f, at::zeros_like(g), product, {0.1}, {}).empty());
}

}  // namespace
}  // namespace analysis
