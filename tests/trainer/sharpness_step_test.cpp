// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/optim/sharpness_step.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "tests/trainer/numbers_read.h"
#include "tests/trainer/sharpness_twin.h"
#include "tests/trainer/step_problem.h"
#include "trainer/base/random.h"

namespace trainer {
namespace {

const ParameterLayout kLayout = stepLayout();

/// Every word of the flags at least once with every method that takes it.
std::vector<SharpnessOptions> variants() {
  std::vector<SharpnessOptions> all = {{.method = "none"}, {.method = "penalty", .rho = 0.2, .alpha = 0.7, .penaltyProduct = "exact"}};
  for (const char* method : {"sam", "penalty", "gsam", "looksam"})
    for (const char* kind : {"gradient", "unnormalised", "adaptive", "random"})
      for (const char* only : {"all", "weight", "bias", "norm"})
        all.push_back({.method = method, .rho = 0.2, .alpha = 0.7, .perturbation = kind, .perturbOnly = only, .seed = 5});
  for (const char* only : {"all", "norm"}) {
    all.push_back({.method = "penalty", .rho = 0.2, .alpha = 0.7, .perturbOnly = only, .referenceTerm = "unit"});
    all.push_back({.method = "asam", .rho = 0.5, .perturbOnly = only, .asamEta = 0.03});
    all.push_back({.method = "friendly-sam", .rho = 0.2, .perturbOnly = only, .friendlySigma = 0.8, .friendlyLambda = 0.6});
  }
  return all;
}

std::string nameOf(const SharpnessOptions& o) {
  return fmt::format("{} {} {} {} {} every {} warm-up {}", o.method, o.perturbation, o.perturbOnly, o.referenceTerm, o.penaltyProduct, o.every,
                     o.warmup);
}

at::Tensor oneStep(const SharpnessOptions& options, const at::Tensor& theta = stepTheta(), std::int64_t step = 0) {
  StepProblem problem;
  return SharpnessStep(options, kLayout).gradient(problem, theta, step).combined;
}

/// Seven steps of theta -= 0.05 combined beside the twin's, from the same theta each time. Numbers of order one and sums of 23 of them: a few
/// tens of roundings; the quotients that looksam and gsam divide by are not below 0.01.
void expectLikeTwin(const SharpnessOptions& options, std::int64_t groupSize) {
  StepProblem problem(groupSize);
  SharpnessStep step(options, kLayout);
  twin::Sharpness twin(options, kLayout);
  at::Tensor theta = stepTheta();
  for (std::int64_t t = 0; t < 7; ++t) {
    const at::Tensor found = step.gradient(problem, theta, t).combined;
    const at::Tensor expected = twin::tensor(twin.step(problem, twin::numbers(theta), t));
    ASSERT_LT((found - expected).abs().max().item<double>(), 1e-12) << nameOf(options) << ", step " << t << ", groups of " << groupSize;
    theta = theta - 0.05 * found;
  }
}

TEST(SharpnessStep, everyVariantIsItsTwin) {
  for (const SharpnessOptions& options : variants()) expectLikeTwin(options, StepProblem::kItems);
}

TEST(SharpnessStep, everyVariantIsItsTwinWithGroups) {
  for (const SharpnessOptions& options : variants()) expectLikeTwin(options, 2);  // 2 + 2 + 1 items
}

TEST(SharpnessStep, everyVariantIsItsTwinOnEveryThirdStepAndWithWarmUp) {
  for (SharpnessOptions options : variants()) {
    options.every = 3;
    expectLikeTwin(options, StepProblem::kItems);
    options.warmupSteps = 4;
    options.warmup = "zero";
    expectLikeTwin(options, StepProblem::kItems);
    options.every = 1;
    expectLikeTwin(options, StepProblem::kItems);
    if (options.method != "penalty") continue;
    options.warmup = "lambda";
    expectLikeTwin(options, StepProblem::kItems);
  }
}

TEST(SharpnessStep, theRadiusGrowsFromTheSecondStepOn) {
  for (SharpnessOptions options : variants()) {
    if (options.method == "none" || options.method == "friendly-sam") continue;  // its memory is of other steps
    SharpnessOptions half = options;
    half.rho /= 2;
    options.warmup = std::string("r");
    options.warmupSteps = 4;
    EXPECT_TRUE(at::equal(oneStep(options, stepTheta(), 2), oneStep(half, stepTheta(), 2))) << nameOf(options);
    EXPECT_TRUE(options.referenceTerm == "unit" || at::equal(oneStep(options, stepTheta(), 0), oneStep({}))) << nameOf(options);
  }
}

TEST(SharpnessStep, lossAndNormAreThoseOfTheFirstPass) {
  for (const std::int64_t groupSize : {StepProblem::kItems, std::int64_t{2}})
    for (const SharpnessOptions& options : variants()) {
      StepProblem problem(groupSize), whole;
      const StepGradient found = SharpnessStep(options, kLayout).gradient(problem, stepTheta(), 0);
      const LossAndGradient expected = whole.first(0, stepTheta());
      EXPECT_NEAR(found.loss.item<double>(), expected.loss.item<double>(), 1e-13) << nameOf(options);
      EXPECT_NEAR(found.gradientNorm.item<double>(), expected.gradient.norm().item<double>(), 1e-13) << nameOf(options);
      EXPECT_EQ(found.gradientNorm.scalar_type(), at::kDouble);
    }
}

TEST(SharpnessStep, aGroupOfTheWholeBatchHasTheVeryBits) {
  for (const SharpnessOptions& options : variants()) {
    StepProblem whole, wider(StepProblem::kItems + 3);
    EXPECT_TRUE(at::equal(SharpnessStep(options, kLayout).gradient(wider, stepTheta(), 0).combined,
                          SharpnessStep(options, kLayout).gradient(whole, stepTheta(), 0).combined)) << nameOf(options);
  }
}

TEST(SharpnessStep, goesOnFromAStateWithTheVeryBits) {
  for (SharpnessOptions options : variants()) {
    options.every = 3;
    StepProblem problem;
    SharpnessStep whole(options, kLayout), second(options, kLayout);
    at::Tensor theta = stepTheta();
    for (std::int64_t t = 0; t < 5; ++t) theta = theta - 0.05 * whole.gradient(problem, theta, t).combined;
    second.restore(whole.state());
    at::Tensor other = theta;
    for (std::int64_t t = 5; t < 11; ++t) {
      theta = theta - 0.05 * whole.gradient(problem, theta, t).combined;
      other = other - 0.05 * second.gradient(problem, other, t).combined;
      ASSERT_TRUE(at::equal(theta, other)) << nameOf(options) << ", step " << t;
    }
  }
}

TEST(SharpnessStep, aStateIsACopyAndNamesWhatIsKept) {
  StepProblem problem;
  SharpnessStep step({.method = "friendly-sam", .rho = 0.1}, kLayout);
  EXPECT_TRUE(step.state().vectors.empty());
  step.gradient(problem, stepTheta(), 0);
  const OptimizerState state = step.state();
  const at::Tensor m = vectorOf(state, "friendly_m"), before = m.clone();
  EXPECT_LT((m - 0.1 * oneStep({})).abs().max().item<double>(), 1e-15);
  step.gradient(problem, 2 * stepTheta(), 1);
  EXPECT_TRUE(at::equal(m, before));
}

TEST(SharpnessStep, withZeroGradientTheStepIsPlain) {
  const at::Tensor zero = at::zeros({23}, at::kDouble);
  for (SharpnessOptions options : variants()) {
    options.every = 2;
    StepProblem problem(2);
    SharpnessStep step(options, kLayout);
    for (std::int64_t t = 0; t < 3; ++t) EXPECT_TRUE(at::equal(step.gradient(problem, zero, t).combined, zero)) << nameOf(options) << ", step " << t;
    for (const at::Tensor& point : problem.points) EXPECT_TRUE(at::equal(point, zero)) << nameOf(options);
  }
}

/// friendly-sam could perturb along its memory alone.
TEST(SharpnessStep, withZeroGradientAndAMemoryTheStepIsPlain) {
  const at::Tensor zero = at::zeros({23}, at::kDouble);
  for (const char* method : {"friendly-sam", "looksam"}) {
    StepProblem problem;
    SharpnessStep step({.method = method, .rho = 0.2, .alpha = 0.7, .every = 2}, kLayout);
    step.gradient(problem, stepTheta(), 0);
    for (std::int64_t t = 1; t < 4; ++t) EXPECT_TRUE(at::equal(step.gradient(problem, zero, t).combined, zero)) << method;
  }
}

/// 1/||g|| is more than a float can hold: infinity times a zero entry would be NaN.
TEST(SharpnessStep, subnormalGradientsGiveNoNaN) {
  const at::Tensor theta = stepTheta().mul(1e-41).to(at::kFloat) * (at::arange(23) % 2);
  ASSERT_GT(theta.abs().max().item<float>(), 0);
  for (const SharpnessOptions& options : variants()) {
    StepProblem problem(StepProblem::kItems, at::kFloat);
    SharpnessStep step(options, kLayout);
    EXPECT_TRUE(at::isfinite(step.gradient(problem, theta, 0).combined).all().item<bool>()) << nameOf(options);
  }
}

TEST(SharpnessStep, theEndsOfTheMixHaveTheVeryBits) {
  const at::Tensor sam = oneStep({.method = "sam", .rho = 0.3}), plain = oneStep({});
  ASSERT_FALSE(at::equal(sam, plain));
  for (const char* reference : {"gradient", "unit"})
    EXPECT_TRUE(at::equal(oneStep({.method = "penalty", .rho = 0.3, .alpha = 1, .referenceTerm = reference}), sam));
  EXPECT_TRUE(at::equal(oneStep({.method = "penalty", .rho = 0.3, .alpha = 0}), plain));
  EXPECT_TRUE(at::equal(oneStep({.method = "penalty", .rho = 0.3, .alpha = 0, .penaltyProduct = "exact"}), plain));
  EXPECT_TRUE(at::equal(oneStep({.method = "gsam", .rho = 0.3, .alpha = 0}), sam));
  for (const char* method : {"sam", "asam", "gsam", "looksam", "friendly-sam", "penalty"})
    EXPECT_TRUE(at::equal(oneStep({.method = method, .rho = 0, .alpha = 0.6}), plain)) << method;
  const at::Tensor friendly = oneStep({.method = "friendly-sam", .rho = 0.3});
  EXPECT_LT((friendly - sam).abs().max().item<double>(), 1e-14);  // at first g - sigma (1 - lambda) g is along g
}

/// On a quadratic (theta^4 weighs nothing near 0) the mix is the gradient of L + lambda ||grad L||, lambda = alpha rho, as the exact product has it.
TEST(SharpnessStep, theMixAndTheExactProductAgreeWhereTheLossIsQuadratic) {
  const at::Tensor theta = stepTheta() * 1e-4;
  const at::Tensor mix = oneStep({.method = "penalty", .rho = 1e-4, .alpha = 0.8}, theta);
  const at::Tensor exact = oneStep({.method = "penalty", .rho = 1e-4, .alpha = 0.8, .penaltyProduct = "exact"}, theta);
  EXPECT_GT((exact - oneStep({}, theta)).norm().item<double>(), 1e-5);
  EXPECT_LT((mix - exact).norm().item<double>(), 1e-10);  // the cubic terms are of order (1e-4)^3
}

TEST(SharpnessStep, countsWhatItAsksFor) {
  const auto counted = [](const SharpnessOptions& options, std::int64_t step, std::size_t points, int products) {
    StepProblem problem(2);
    const StepGradient g = SharpnessStep(options, kLayout).gradient(problem, stepTheta(), step);
    EXPECT_EQ(problem.points.size(), points) << nameOf(options);
    EXPECT_EQ(problem.products, products) << nameOf(options);
    return g.evaluations;
  };
  EXPECT_EQ(counted({}, 0, 0, 0), 1);
  EXPECT_EQ(counted({.method = "sam", .rho = 0.1}, 0, 3, 0), 2);
  EXPECT_EQ(counted({.method = "sam", .rho = 0.1, .every = 2}, 1, 0, 0), 1);
  EXPECT_EQ(counted({.method = "sam"}, 0, 0, 0), 1);
  EXPECT_EQ(counted({.method = "penalty", .rho = 0.1, .alpha = 0}, 0, 0, 0), 1);
  EXPECT_EQ(counted({.method = "penalty", .rho = 0.1, .alpha = 0.5, .penaltyProduct = "exact"}, 0, 0, 3), 3);
  EXPECT_EQ(counted({.method = "penalty", .rho = 0.1, .alpha = 0.5, .warmup = "zero", .warmupSteps = 2}, 1, 0, 0), 1);
  EXPECT_EQ(counted({.method = "penalty", .rho = 0.1, .alpha = 0.5, .warmup = "lambda", .warmupSteps = 2}, 0, 0, 0), 1);
  EXPECT_EQ(counted({.method = "penalty", .rho = 0, .alpha = 0.5, .referenceTerm = "unit"}, 0, 0, 0), 1);
}

TEST(SharpnessStep, theUnitReferenceWithoutARadiusMixesTheFirstGradient) {
  const at::Tensor g = oneStep({});
  const at::Tensor mix = oneStep({.method = "penalty", .rho = 0, .alpha = 0.5, .referenceTerm = "unit"});
  EXPECT_LT((mix - (0.5 * g / g.norm() + 0.5 * g)).abs().max().item<double>(), 1e-14);
}

TEST(SharpnessStep, theRandomPerturbationCanBeReplayed) {
  StepProblem problem;
  SharpnessStep({.method = "sam", .rho = 0.2, .perturbation = "random", .seed = 9}, kLayout).gradient(problem, stepTheta(), 12);
  std::vector<double> z(23);
  fillNormal(z, deriveSeed(9, "noise/12"));
  const at::Tensor direction = at::tensor(z, at::kDouble);
  EXPECT_LT((problem.points.at(0) - (stepTheta() + 0.2 * direction / direction.norm())).abs().max().item<double>(), 1e-15);
}

TEST(SharpnessStep, onlyTheChosenParametersMove) {
  for (const char* only : {"weight", "bias", "norm"}) {
    StepProblem problem;
    SharpnessStep({.method = "sam", .rho = 0.2, .perturbOnly = only}, kLayout).gradient(problem, stepTheta(), 0);
    const at::Tensor e = problem.points.at(0) - stepTheta();
    EXPECT_NEAR(e.norm().item<double>(), 0.2, 1e-15) << only;
    for (const ParameterSlice& slice : kLayout.slices()) {
      const char* kind = slice.kind == ParameterKind::weight ? "weight" : slice.kind == ParameterKind::bias ? "bias" : "norm";
      EXPECT_EQ(e.narrow(0, slice.offset, slice.count()).abs().max().item<double>() > 0, std::string(kind) == only) << slice.name;
    }
  }
}

TEST(SharpnessStep, radiusAndMixCanBeSetWhileItRuns) {
  StepProblem problem;
  SharpnessStep step({.method = "penalty", .rho = 0.1, .alpha = 0.2}, kLayout);
  step.setRho(0.3);
  step.setAlpha(0.6);
  EXPECT_TRUE(at::equal(step.gradient(problem, stepTheta(), 0).combined, oneStep({.method = "penalty", .rho = 0.3, .alpha = 0.6})));
}

/// After plain steps the correction would be that of another place.
TEST(SharpnessStep, looksamForgetsItsCorrectionWhereTheRadiusIsZero) {
  StepProblem problem;
  SharpnessStep step({.method = "looksam", .rho = 0.1, .alpha = 0.7, .every = 4}, kLayout);
  step.gradient(problem, stepTheta(), 0);
  EXPECT_FALSE(at::equal(step.gradient(problem, stepTheta(), 1).combined, oneStep({})));
  step.setRho(0);
  EXPECT_TRUE(at::equal(step.gradient(problem, stepTheta(), 2).combined, oneStep({})));
  step.setRho(0.1);
  EXPECT_TRUE(at::equal(step.gradient(problem, stepTheta(), 3).combined, oneStep({})));
}

TEST(SharpnessStep, neitherThetaNorWhatWasMeasuredIsWrittenTo) {
  for (const std::int64_t groupSize : {StepProblem::kItems, std::int64_t{2}})
    for (const SharpnessOptions& options : variants()) {
      StepProblem problem(groupSize);
      SharpnessStep step(options, kLayout);
      const at::Tensor theta = stepTheta();
      for (std::int64_t t = 0; t < 3; ++t) step.gradient(problem, theta, t);
      EXPECT_TRUE(problem.untouched()) << nameOf(options);
      EXPECT_TRUE(at::equal(theta, stepTheta())) << nameOf(options);
    }
}

TEST(SharpnessStep, noStepLooksAtANumber) {
  ASSERT_EQ(numbersRead([] { at::ones({1}).item<float>(); }), 1);
  for (SharpnessOptions options : variants()) {
    options.every = 2;
    StepProblem problem(2);
    SharpnessStep step(options, kLayout);
    for (std::int64_t t = 0; t < 3; ++t)
      EXPECT_EQ(numbersRead([&] { clipToNorm(step.gradient(problem, stepTheta(), t).combined, 1.0); }), 0) << nameOf(options);
  }
}

TEST(SharpnessStep, unknownWordsAreNamed) {
  EXPECT_THROW(SharpnessStep({.method = "samm"}, kLayout), std::invalid_argument);
  EXPECT_THROW(SharpnessStep({.method = "sam", .perturbation = "friend"}, kLayout), std::invalid_argument);
  EXPECT_THROW(SharpnessStep({.method = "sam", .perturbOnly = "weights"}, kLayout), std::invalid_argument);
  EXPECT_THROW(SharpnessStep({.method = "sam", .every = 0}, kLayout), std::invalid_argument);
}

TEST(ClipToNorm, keepsShortGradientsAndShortensLongOnes) {
  const at::Tensor g = at::tensor({2.0, -3.0, 6.0}), before = g.clone();  // length 7
  EXPECT_TRUE(clipToNorm(g, std::nullopt).is_same(g));
  for (int i = 1; i < 200; ++i) EXPECT_TRUE(at::equal(clipToNorm(g * i, 7.0 * i), g * i)) << i;
  EXPECT_TRUE(at::equal(clipToNorm(g.to(at::kFloat) / 3, 7.0), g.to(at::kFloat) / 3));
  EXPECT_LT((clipToNorm(g, 0.5) - g / 14).abs().max().item<double>(), 1e-15);
  EXPECT_TRUE(at::equal(clipToNorm(at::zeros({3}), 0.5), at::zeros({3})));
  EXPECT_TRUE(at::equal(g, before));
}

}  // namespace
}  // namespace trainer
