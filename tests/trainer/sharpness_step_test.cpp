// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/optim/sharpness_step.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "trainer/optim/schedule.h"

namespace trainer {
namespace {

/// L = theta' diag(a) theta / 2, so that both gradients are known in closed form.
class Quadratic : public testing::Test {
 protected:
  LossAndGradient at_(const at::Tensor& theta) {
    ++calls_;
    return {0.5 * (a_ * theta * theta).sum(), a_ * theta};
  }
  SharpnessGradient step(const SharpnessOptions& options, const at::Tensor& theta) {
    calls_ = 0;
    return sharpnessGradient(options, theta, [this](const at::Tensor& t) { return at_(t); });
  }
  void expectNear(const at::Tensor& found, const at::Tensor& expected) const {
    // A handful of roundings of numbers of order ten.
    EXPECT_LT((found - expected).abs().max().item<double>(), 1e-13);
  }
  at::Tensor a_ = at::tensor({1.0, 3.0, -2.0});
  at::Tensor theta_ = at::tensor({2.0, -1.0, 0.5});
  at::Tensor g1_ = a_ * theta_;
  double norm_ = std::sqrt(4.0 + 9.0 + 1.0);
  double rho_ = 0.3;
  at::Tensor g2_ = a_ * (theta_ + g1_ * (rho_ / norm_));
  int calls_ = 0;
};

TEST_F(Quadratic, plainTakesOneGradient) {
  const SharpnessGradient g = step({}, theta_);
  EXPECT_TRUE(at::equal(g.combined, g1_));
  EXPECT_NEAR(g.gradientNorm.item<double>(), norm_, 1e-14);
  EXPECT_NEAR(g.loss.item<double>(), 0.5 * (4 + 3 - 0.5), 1e-14);
  EXPECT_EQ(g.evaluations, 1);
  EXPECT_EQ(calls_, 1);
}

TEST_F(Quadratic, samTakesTheGradientAtThePerturbedPoint) {
  const SharpnessGradient g = step({.method = "sam", .rho = rho_}, theta_);
  expectNear(g.combined, g2_);
  EXPECT_NEAR(g.gradientNorm.item<double>(), norm_, 1e-14);
  EXPECT_EQ(g.evaluations, 2);
  EXPECT_EQ(calls_, 2);
}

TEST_F(Quadratic, thePenaltyMixesBothGradients) {
  expectNear(step({.method = "penalty", .rho = rho_, .alpha = 0.8}, theta_).combined, 0.2 * g1_ + 0.8 * g2_);
  expectNear(step({.method = "penalty", .rho = rho_, .alpha = 0.8, .referenceTerm = "unit"}, theta_).combined, 0.2 / norm_ * g1_ + 0.8 * g2_);
}

/// To first order the mix is g + lambda H g/||g|| with lambda = alpha rho; on a quadratic exactly.
TEST_F(Quadratic, thePenaltyIsTheGradientOfTheGradientNormPenalty) {
  const at::Tensor penalty = g1_ + 0.8 * rho_ * a_ * g1_ / norm_;
  expectNear(step({.method = "penalty", .rho = rho_, .alpha = 0.8}, theta_).combined, penalty);
}

TEST_F(Quadratic, theEndsOfTheMixHaveTheVeryBits) {
  const at::Tensor sam = step({.method = "sam", .rho = rho_}, theta_).combined;
  for (const char* reference : {"gradient", "unit"})
    EXPECT_TRUE(at::equal(step({.method = "penalty", .rho = rho_, .alpha = 1, .referenceTerm = reference}, theta_).combined, sam));
  EXPECT_TRUE(at::equal(step({.method = "penalty", .rho = rho_, .alpha = 0}, theta_).combined, g1_));
  EXPECT_EQ(calls_, 1);
}

TEST_F(Quadratic, withZeroGradientTheStepIsPlain) {
  for (const char* method : {"sam", "penalty"}) {
    const SharpnessGradient g = step({.method = method, .rho = rho_, .alpha = 0.5, .referenceTerm = "unit"}, at::zeros({3}, at::kDouble));
    EXPECT_TRUE(at::equal(g.combined, at::zeros({3}, at::kDouble))) << method;
    EXPECT_EQ(g.evaluations, 1) << method;
  }
}

TEST_F(Quadratic, thetaIsNotWrittenTo) {
  const at::Tensor before = theta_.clone();
  step({.method = "penalty", .rho = rho_, .alpha = 0.5}, theta_);
  EXPECT_TRUE(at::equal(theta_, before));
}

TEST_F(Quadratic, clippingKeepsShortGradientsAndShortensLongOnes) {
  EXPECT_TRUE(at::equal(clipToNorm(g1_, std::nullopt), g1_));
  EXPECT_TRUE(at::equal(clipToNorm(g1_, norm_ + 1e-9), g1_));
  const at::Tensor before = g1_.clone();
  const at::Tensor clipped = clipToNorm(g1_, 0.5);
  EXPECT_NEAR(clipped.norm().item<double>(), 0.5, 1e-15);
  expectNear(clipped, g1_ * (0.5 / norm_));
  EXPECT_TRUE(at::equal(g1_, before));
}

TEST(Schedule, constantStaysAndCosineFallsToZero) {
  EXPECT_EQ(scheduledRate("constant", 0.3, 7, 10), 0.3);
  EXPECT_EQ(scheduledRate("cosine", 0.3, 0, 10), 0.3);
  EXPECT_NEAR(scheduledRate("cosine", 0.3, 5, 10), 0.15, 1e-16);
  EXPECT_NEAR(scheduledRate("cosine", 0.3, 9, 10), 0.15 * (1 + std::cos(std::acos(-1.0) * 0.9)), 1e-16);
  EXPECT_NEAR(scheduledRate("cosine", 0.3, 10, 10), 0, 1e-16);
}

}  // namespace
}  // namespace trainer
