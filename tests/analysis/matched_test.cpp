// SPDX-License-Identifier: GPL-3.0-or-later
// Curvature as a function of the step, and measures at one train loss.
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/matched/measure_matched.h"
#include "analysis/sharpness/measure_kappa.h"
#include "tests/analysis/sampled_quadratic.h"
#include "tests/analysis/small_problem.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/run/train.h"

namespace analysis {
namespace {

class TwoRuns : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    trainer::RunSpec spec;
    spec.data = "digits", spec.dataLimit = 150, spec.model = "mlp:64-6-10", spec.activation = "tanh", spec.epochs = 4, spec.checkpointEvery = 1;
    spec.device = "cpu", spec.threads = 1, spec.precision = "double";
    trainer::train(trainer::resolve(spec, nullptr), *folder_ / "a", {}, {});
    spec.activation = "relu", spec.seed = 1, spec.epochs = 6;
    trainer::train(trainer::resolve(spec, nullptr), *folder_ / "b", {}, {});
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }
  static MeasureSpec measure(const char* run) {
    MeasureSpec m;
    m.run = (*folder_ / run).string(), m.device = "cpu", m.threads = 1, m.precision = "double";
    return m;
  }
  static MatchedSpec matched() {
    MatchedSpec s;
    s.measure = measure("a");
    s.runs = {measure("a").run, measure("b").run};
    s.iterations = 5;
    return s;
  }
  static TemporaryFolder* folder_;
};
TemporaryFolder* TwoRuns::folder_ = nullptr;

TEST_F(TwoRuns, AreComparedBetweenTheCheckpointsThatBracketTheLoss) {
  const Matched m = measureMatched(matched(), {});
  ASSERT_EQ(m.runs.size(), 2U);
  int inside = 0;
  for (const MatchedRun& r : m.runs) {
    EXPECT_GE(r.above.loss, m.targetLoss);
    EXPECT_LE(r.below.loss, m.targetLoss);
    EXPECT_LE(r.above.step, r.below.step);
    EXPECT_NEAR(interpolated(r.above.loss, r.below.loss, r.share), m.targetLoss, 1e-12) << "the loss itself comes out at the target";
    inside += r.share > 0 ? 1 : 0;
    ASSERT_EQ(r.quantities.size(), 6U);
    for (const MatchedQuantity& q : r.quantities) {
      EXPECT_GE(q.value, std::min(q.above, q.below) * (1 - 1e-12)) << q.name;
      EXPECT_LE(q.value, std::max(q.above, q.below) * (1 + 1e-12)) << q.name;
    }
    EXPECT_GT(r.logitRange, r.logitNorm / std::sqrt(10)) << "range against root mean square";
    EXPECT_GT(r.parameterNorm, 0);
  }
  EXPECT_EQ(inside, 1) << "by default the run with the higher smallest loss is at a checkpoint of its own";
}

TEST_F(TwoRuns, AtACheckpointsLossTheCheckpointIsTheAnswer) {
  MatchedSpec s = matched();
  s.runs = {measure("a").run};
  const Matched last = measureMatched(s, {});
  EXPECT_EQ(last.runs[0].above.step, last.runs[0].below.step);
  EXPECT_EQ(last.runs[0].quantities[0].value, last.runs[0].quantities[0].above);
}

TEST_F(TwoRuns, ALossThatARunDoesNotReachIsRefused) {
  MatchedSpec s = matched();
  for (const double loss : {1e-9, 1e3}) {
    s.targetLoss = loss;
    EXPECT_NE(messageOf<std::invalid_argument>([&] { measureMatched(s, {}); }).find("go from"), std::string::npos) << loss;
  }
  s.targetLoss.reset();
  s.measure.weights = "ema";
  EXPECT_NE(messageOf<std::invalid_argument>([&] { measureMatched(s, {}); }).find("--weights"), std::string::npos);
}

TEST(Interpolation, IsGeometricForPositiveNumbersAndLinearElse) {
  EXPECT_NEAR(interpolated(4, 1, 0.5), 2, 1e-15);
  EXPECT_NEAR(interpolated(-1, 3, 0.25), 0, 1e-15);
  EXPECT_EQ(interpolated(7, 5, 0), 7);
}

TEST(KappaAt, IsTheCurvatureOfAQuadraticAtEveryStep) {
  const at::Tensor theta = testing::gaussian(5, 1), u = at::eye(5, at::kDouble)[2];
  auto f = testing::SampledQuadratic::diagonal(at::tensor({1.0, 2.0, 7.0, 3.0, 4.0}, at::kDouble), theta, at::zeros({5}, at::kDouble));
  for (const double h : {1e-3, 0.1, 10.0}) {
    const KappaPoint p = kappaAt(f, u, f.evaluate(theta).loss, h);
    EXPECT_NEAR(p.fromGradient, 7, 1e-10 + 1e-13 / h) << h;
    EXPECT_NEAR(p.fromLoss, 7, 1e-10 + 4 * p.rounding) << h;
  }
}

TEST_F(TwoRuns, KappaMeetsTheHessianOnASmoothNetworkAndInformsOnAKinkedOne) {
  for (const char* direction : {"eigen:1", "gradient", "random"}) {
    KappaSpec s;
    s.measure = measure("a"), s.direction = direction;
    const Kappa smooth = measureKappa(s, {});
    EXPECT_EQ(smooth.verdict, "passed") << direction;
    EXPECT_LT(smooth.closest, 1e-6) << direction;  // h^2 of the steps near 1e-3 against a rounding of 1e-16 / h
    EXPECT_EQ(smooth.points.size(), 13U);
    s.measure = measure("b");
    const Kappa kinked = measureKappa(s, {});
    EXPECT_TRUE(kinked.kinked);
    EXPECT_EQ(kinked.verdict, "informative");
  }
  KappaSpec s;
  s.measure = measure("a"), s.steps = {0.1, -1};
  EXPECT_NE(messageOf<std::invalid_argument>([&] { measureKappa(s, {}); }).find("--steps"), std::string::npos);
  s.steps = {}, s.direction = "down";
  EXPECT_NE(messageOf<std::invalid_argument>([&] { measureKappa(s, {}); }).find("'down'"), std::string::npos);
}

}  // namespace
}  // namespace analysis
