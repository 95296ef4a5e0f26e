// SPDX-License-Identifier: GPL-3.0-or-later
// The worst case and one step, on functions whose maximum over a ball is known.
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <cmath>

#include "analysis/sharpness/ascent.h"
#include "analysis/sharpness/rises.h"
#include "tests/analysis/sampled_quadratic.h"
#include "tests/analysis/small_problem.h"

namespace analysis {
namespace {

using testing::gaussian;
using testing::SampledQuadratic;

Ascent climb(Objective& f, const std::string& norm, bool adaptive, const AscentOptions& options, const Ascent* floor = nullptr) {
  return worstCase(f, Ball(norm, adaptive, f.theta0()), f.gradient(f.theta0()), f.evaluate(f.theta0()).loss, options, floor, {});
}

double step(Objective& f, const std::string& norm, bool adaptive, double rho) {
  return oneStep(f, Ball(norm, adaptive, f.theta0()), f.gradient(f.theta0()), f.evaluate(f.theta0()).loss, rho);
}

/// A spectrum like a network's: a few large eigenvalues over a bulk.
at::Tensor spectrum(std::int64_t size) {
  at::Tensor values = at::full({size}, 0.1, at::kDouble);
  values[3] = 10, values[7] = 6, values[11] = 3, values[13] = -2;
  return values;
}

TEST(WorstCase, OfAQuadraticAtItsCentreIsRhoSquaredLambdaOverTwoFromARandomStart) {
  const at::Tensor centre = gaussian(50, 1);
  SampledQuadratic f = SampledQuadratic::diagonal(spectrum(50), centre, centre);
  for (const double rho : {0.01, 0.5, 2.0}) {
    const Ascent found = climb(f, "l2", false, {.rho = rho});
    EXPECT_NEAR(found.value / (rho * rho * 10 / 2), 1, 1e-3) << rho;
    EXPECT_LE(found.value, rho * rho * 10 / 2 * (1 + 1e-12)) << "a lower bound";
    EXPECT_EQ(found.start, "random 1") << "there is no gradient to start along";
    EXPECT_EQ(found.gradients, 21);
    EXPECT_LE(testing::largest(found.u), rho * (1 + 1e-12));
  }
}

// Among eigenvalues 1 ... 23 the largest has a gap of 4 %: power steps of factor (1 + 2 22/23) / (1 + 2) = 0.971 need iterations, and the last gain tells so.
TEST(WorstCase, SaysHowFarItIsFromDone) {
  const at::Tensor centre = gaussian(23, 1), values = at::arange(1, 24, at::kDouble);
  SampledQuadratic f = SampledQuadratic::diagonal(values, centre, centre);
  const Ascent few = climb(f, "l2", false, {.rho = 1, .iterations = 8}), many = climb(f, "l2", false, {.rho = 1, .iterations = 400});
  EXPECT_NEAR(many.value / 11.5, 1, 1e-3);
  EXPECT_LT(few.value, many.value);
  EXPECT_GT(few.lastGain, 10 * many.lastGain);
}

/// max g.d + d'Hd/2 over ||d|| = rho by its secular equation: d = (mu - H)^-1 g, ||d(mu)|| = rho, mu > lambda_max.
double exactMaximum(const at::Tensor& values, const at::Tensor& g, double rho) {
  double low = values.max().item<double>() * (1 + 1e-12), high = low + g.norm().item<double>() / rho + 1;
  for (int k = 0; k < 200; ++k) {
    const double mu = (low + high) / 2;
    ((g / (mu - values)).norm().item<double>() > rho ? low : high) = mu;
  }
  const at::Tensor d = g / (high - values);
  return (g.dot(d) + 0.5 * (values * d * d).sum()).item<double>();
}

TEST(WorstCase, OfAQuadraticWithASlopeIsTheTrustRegionMaximum) {
  const at::Tensor centre = gaussian(50, 1), theta = centre + 0.3 * gaussian(50, 2);
  SampledQuadratic f = SampledQuadratic::diagonal(spectrum(50), theta, centre);
  for (const double rho : {0.05, 0.5, 2.0}) {
    const double exactly = exactMaximum(spectrum(50), f.gradient(theta), rho);
    EXPECT_NEAR(climb(f, "l2", false, {.rho = rho, .iterations = 40}).value / exactly, 1, 1e-3) << rho;
    EXPECT_GT(step(f, "l2", false, rho), 0);
    EXPECT_LE(step(f, "l2", false, rho), exactly);
  }
}

TEST(WorstCase, OfALinearFunctionIsExactInBothNormsAlsoAdaptive) {
  const at::Tensor theta = gaussian(30, 4), slope = gaussian(30, 5);
  SampledQuadratic f({theta, at::zeros({30, 30}, at::kDouble), theta, slope.unsqueeze(0)});
  const double rho = 0.3;
  const struct { const char* norm; bool adaptive; at::Tensor dual; } cases[] = {{"linf", false, slope.abs().sum()},
                                                                              {"linf", true, (slope * theta).abs().sum()},
                                                                              {"l2", false, slope.norm()},
                                                                              {"l2", true, (slope * theta).norm()}};
  for (const auto& c : cases) {
    const double exactly = rho * c.dual.item<double>();
    EXPECT_NEAR(climb(f, c.norm, c.adaptive, {.rho = rho}).value / exactly, 1, 1e-12) << c.norm << c.adaptive;
    EXPECT_NEAR(step(f, c.norm, c.adaptive, rho) / exactly, 1, 1e-12) << c.norm << c.adaptive;
  }
}

TEST(WorstCase, WeightsThatAreZeroStayPutAndNothingIsNotANumber) {
  at::Tensor theta = gaussian(50, 1).clone();
  theta.slice(0, 0, 25).zero_();
  SampledQuadratic f = SampledQuadratic::diagonal(spectrum(50), theta, at::zeros({50}, at::kDouble));
  for (const char* norm : {"l2", "linf"}) {
    const Ball ball(norm, true, theta);
    const Ascent found = climb(f, norm, true, {.rho = 0.5});
    EXPECT_GT(found.value, 0);
    EXPECT_EQ(ball.scaled(found.u).slice(0, 0, 25).abs().max().item<double>(), 0);
    EXPECT_EQ(ball.random(0.5, 3).slice(0, 0, 25).abs().max().item<double>(), 0) << "the radius is spent on what moves";
    EXPECT_TRUE(std::isfinite(step(f, norm, true, 0.5)));
  }
  SampledQuadratic nothing = SampledQuadratic::diagonal(spectrum(50), at::zeros({50}, at::kDouble), at::zeros({50}, at::kDouble));
  for (const char* norm : {"l2", "linf"}) {
    EXPECT_EQ(climb(nothing, norm, true, {.rho = 0.5}).value, 0);
    EXPECT_EQ(step(nothing, norm, true, 0.5), 0);
    EXPECT_EQ(step(nothing, norm, false, 0.5), 0) << "no gradient, no step";
  }
}

TEST(WorstCase, ACurveDoesNotFallBelowASmallerRho) {
  const at::Tensor centre = gaussian(50, 1);
  SampledQuadratic f = SampledQuadratic::diagonal(spectrum(50), centre, centre);
  const Ascent wide = climb(f, "l2", false, {.rho = 1}), poor = climb(f, "l2", false, {.rho = 1.001, .iterations = 1}, &wide);
  EXPECT_EQ(poor.value, wide.value);
  EXPECT_EQ(poor.start, "smaller rho");
}

TEST(Groups, AreEachItsOwnWorstCaseAndAddUpToTheWhole) {
  const at::Tensor theta = gaussian(20, 1), slopes = gaussian(20 * 7, 2).view({7, 20});
  SampledQuadratic f({theta, at::zeros({20, 20}, at::kDouble), theta, slopes});
  SharpnessSpec spec;
  spec.kinds = {"worst", "one-step"}, spec.scales = {"plain"}, spec.rho = {0.5}, spec.group = 3;
  Sharpness about;
  const AtTheta at{f.gradient(theta), f.evaluate(theta).loss};
  const auto measures = measureRises(f, spec, at, about, {});
  // Samples 0-2, 3-5 and 6 alone, by their shares. Of a linear function each worst case is rho ||b||.
  double mean = 0, square = 0;
  const std::vector<std::pair<std::int64_t, std::int64_t>> groups = {{0, 3}, {3, 6}, {6, 7}};
  for (const auto& [from, to] : groups) {
    const double length = slopes.slice(0, from, to).mean(0).norm().item<double>(), share = static_cast<double>(to - from) / 7;
    mean += share * 0.5 * length, square += share * length * length;
  }
  ASSERT_EQ(measures.size(), 2U);
  for (const SharpnessMeasure& m : measures) {
    EXPECT_NEAR(m.value / mean, 1, 1e-12) << m.kind;
    EXPECT_EQ(m.groups, 3);
    EXPECT_GT(m.standardError, 0);
  }
  EXPECT_NEAR(about.groupGradientSquare / square, 1, 1e-12);
  spec.group = 0;
  Sharpness whole;
  const auto one = measureRises(f, spec, at, whole, {});
  EXPECT_LE(one[0].value, measures[0].value) << "the maximum of a mean is at most the mean of the maxima";
  EXPECT_TRUE(std::isnan(one[0].standardError));
  EXPECT_TRUE(std::isnan(whole.groupGradientSquare));
}

}  // namespace
}  // namespace analysis
