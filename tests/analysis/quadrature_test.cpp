// SPDX-License-Identifier: GPL-3.0-or-later
// Stochastic Lanczos quadrature: nodes, weights, moments, and the curve made of them.
#include "analysis/spectrum/quadrature.h"

#include <gtest/gtest.h>

#include <numeric>
#include <stdexcept>

#include "analysis/spectrum/density_smoothing.h"
#include "tests/analysis/known_spectrum.h"
#include "tests/trainer/temporary_folder.h"

namespace analysis {
namespace {

using testing::Diagonal;
using testing::knownSpectrum;
using testing::powerSum;
using testing::rotated;

double sumOf(const std::vector<double>& x) { return std::accumulate(x.begin(), x.end(), 0.0); }

Density densityWith(LinearOperator& a, const QuadratureOptions& o) {
  std::int64_t products = 0;
  const auto q = lanczosQuadrature(a, o, {}, &products);
  return densityOf(q, o, products);
}

TEST(Quadrature, WeightsSumToOneAndProductsAreCounted) {
  DenseOperator a = rotated(knownSpectrum("indefinite", 100));
  const Density d = densityWith(a, {.probes = 5, .steps = 12});
  EXPECT_EQ(d.nodes.size(), 60U);
  EXPECT_NEAR(sumOf(d.weights), 1, 1e-13);
  for (const double w : d.weights) EXPECT_GE(w, 0);
  EXPECT_EQ(d.products, 60);
  EXPECT_FALSE(d.moments[0].hasError) << "five probes give no standard error";
}

// Gauss quadrature of m nodes is exact up to degree 2m - 1: against v^T A^k v of the same start vector.
TEST(Quadrature, IsExactForPolynomials) {
  DenseOperator a = rotated(knownSpectrum("flat", 40));
  const QuadratureOptions o{.probes = 1, .steps = 3, .seed = 8};
  const auto q = lanczosQuadrature(a, o, {}, nullptr);
  ASSERT_EQ(q[0].nodes.size(), 3U);
  const auto more = lanczosQuadrature(a, {.probes = 1, .steps = 12, .seed = 8}, {}, nullptr);
  for (int k = 0; k <= 6; ++k) {
    double few = 0, many = 0;
    for (std::size_t i = 0; i < 3; ++i) few += q[0].weights[i] * std::pow(q[0].nodes[i], k);
    for (std::size_t i = 0; i < more[0].nodes.size(); ++i) many += more[0].weights[i] * std::pow(more[0].nodes[i], k);
    if (k <= 5) EXPECT_NEAR(few, many, 1e-12) << k;
    else EXPECT_GT(std::abs(few - many), 1e-6) << k;
  }
}

// All P steps see every eigenvalue: the weights are then the squared coordinates of the start vector, and the same value's sum 1/P in the mean.
TEST(Quadrature, AllStepsGiveTheEigenvaluesThemselves) {
  const std::vector<double> values = {4, 2, 1, 0.5, -1, -3};
  DenseOperator a = rotated(values);
  const Density d = densityWith(a, {.probes = 400, .steps = 6});
  for (const double value : values) {
    double weight = 0;
    for (std::size_t i = 0; i < d.nodes.size(); ++i)
      if (std::abs(d.nodes[i] - value) < 1e-8) weight += d.weights[i];
    EXPECT_NEAR(weight, 1.0 / 6, 0.03) << value;  // 3 sqrt(2 (P-1) / (P^2 (P+2)) / 400) = 0.028
  }
}

TEST(Quadrature, AMultipleOfTheIdentityIsOneNode) {
  Diagonal a(std::vector<double>(50, -3.0));
  const Density d = densityWith(a, {.probes = 20, .steps = 10});
  EXPECT_EQ(d.nodes.size(), 20U);
  EXPECT_EQ(d.products, 20) << "an invariant space ends at once";
  EXPECT_NEAR(d.moments[0].value, -3, 1e-13);
  EXPECT_NEAR(d.moments[1].value, 9, 1e-12);
}

TEST(Quadrature, MomentsAreThoseOfTheSpectrumAndTheirIntervalsCover) {
  for (const char* name : {"flat", "indefinite", "one outlier"}) {
    const auto values = knownSpectrum(name, 60);
    DenseOperator a = rotated(values);
    int covered68[4] = {}, covered95[4] = {};
    constexpr int seeds = 200;
    for (int seed = 0; seed < seeds; ++seed) {
      const Density d = densityWith(a, {.probes = 20, .steps = 3, .seed = 500 + static_cast<std::uint64_t>(seed)});
      for (int k = 0; k < 4; ++k) {
        const Estimate& e = d.moments[static_cast<std::size_t>(k)];
        const double truth = powerSum(values, k + 1) / 60;
        covered68[k] += e.interval68.low <= truth && truth <= e.interval68.high;
        covered95[k] += e.interval95.low <= truth && truth <= e.interval95.high;
      }
    }
    for (int k = 0; k < 4; ++k) {
      EXPECT_TRUE(covered68[k] >= 120 && covered68[k] <= 152) << name << " moment " << k + 1 << ": 68 % covers " << covered68[k] / 2.0;
      EXPECT_TRUE(covered95[k] >= 182 && covered95[k] <= 196) << name << " moment " << k + 1 << ": 95 % covers " << covered95[k] / 2.0;
    }
  }
}

TEST(EffectiveDimension, LiesBetweenItsQuadratureBoundsAndNearTheTruth) {
  auto values = knownSpectrum("decaying", 100);
  for (std::size_t i = 60; i < 100; ++i) values[i] = 0;
  DenseOperator a = rotated(values);
  double truth = 0;
  for (const double v : values) truth += v / (v + 0.01);
  double bound = 1e9;
  for (const std::int64_t steps : {4, 8, 40}) {
    std::int64_t products = 0;
    const auto q = lanczosQuadrature(a, {.probes = 40, .steps = steps, .radau = true}, {}, &products);
    const EffectiveDimension e = effectiveDimension(q, 100, 0.01);
    EXPECT_NEAR(e.estimate.value, truth, 4 * e.estimate.standardError + e.quadratureBound) << steps;
    EXPECT_LT(e.quadratureBound, bound) << steps;
    bound = e.quadratureBound;
  }
  EXPECT_LT(bound, 1e-3 * truth);
}

TEST(Quadrature, RefusesWhatCannotBe) {
  DenseOperator a = rotated(knownSpectrum("flat", 60));
  const auto message = [&](const QuadratureOptions& o) { return messageOf<std::invalid_argument>([&] { lanczosQuadrature(a, o, {}, nullptr); }); };
  EXPECT_NE(message({.probes = 0}).find("--density"), std::string::npos);
  EXPECT_NE(message({.probes = 2, .steps = 0}).find("--density"), std::string::npos);
  EXPECT_NE(message({.probes = 2, .steps = 40, .memoryBytes = 1000}).find("--memory"), std::string::npos);
  EXPECT_THROW(effectiveDimension({}, 1, 0), std::invalid_argument);
  SpectrumSpec s;
  setDensity(s, "12x34");
  EXPECT_EQ(s.densityProbes, 12);
  EXPECT_EQ(s.densitySteps, 34);
  EXPECT_EQ(densityWord(s), "12x34");
  for (const char* word : {"12", "x", "12x", "x3", "0x3", "3x0", "3x4x", "axb"}) EXPECT_THROW(setDensity(s, word), std::invalid_argument) << word;
}

TEST(SmoothDensity, IntegratesToOneWithMassWhereTheNodesAre) {
  const std::vector<double> nodes = {-1, 0, 0.5, 10}, weights = {0.1, 0.6, 0.25, 0.05};
  const DensityCurve c = smoothDensity(nodes, weights, 0.2, 2001);
  double mass = 0, first = 0;
  for (std::size_t i = 1; i < c.x.size(); ++i) {
    const double part = (c.x[i] - c.x[i - 1]) * (c.y[i] + c.y[i - 1]) / 2;
    mass += part, first += part * (c.x[i] + c.x[i - 1]) / 2;
  }
  EXPECT_NEAR(mass, 1, 3e-3);  // 3 widths beyond the ends leave out 0.27 % of the end's weight at most
  EXPECT_NEAR(first, -0.1 + 0.125 + 0.5, 5e-3);
  EXPECT_DOUBLE_EQ(defaultWidth(nodes, 22), 0.5);
  EXPECT_EQ(defaultWidth({2, 2}, 10), 1);
  EXPECT_THROW(smoothDensity(nodes, {1}, 0.2, 100), std::invalid_argument);
  EXPECT_THROW(smoothDensity(nodes, weights, 0, 100), std::invalid_argument);
}

TEST(Estimate, QuantilesAreStudents) {
  EXPECT_NEAR(studentQuantile(1.959963984540054, 19), 2.0930, 2e-4);
  EXPECT_NEAR(studentQuantile(1.959963984540054, 5), 2.5706, 2e-3);
  EXPECT_NEAR(studentQuantile(0.994457883209753, 19), 1.0215, 2e-3);
}

TEST(Estimate, NoErrorFromFewSamplesAndExactOnesHaveNone) {
  EXPECT_FALSE(estimateOf(std::vector<double>(19, 1.5)).hasError);
  const Estimate e = estimateOf(std::vector<double>(20, 1.5));
  EXPECT_TRUE(e.hasError);
  EXPECT_EQ(e.standardError, 0);
  EXPECT_EQ(e.interval95, (Interval{1.5, 1.5}));
  EXPECT_THROW(estimateOf({}), std::invalid_argument);
  EXPECT_EQ(nextProbes(0, 100), 20);
  EXPECT_EQ(nextProbes(20, 100), 30);
  EXPECT_EQ(nextProbes(90, 100), 100);
}

}  // namespace
}  // namespace analysis
