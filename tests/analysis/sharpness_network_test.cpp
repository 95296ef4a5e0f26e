// SPDX-License-Identifier: GPL-3.0-or-later
// On networks: what rescaling leaves alone, relative flatness against the dense Hessian, and the verb from a run folder.
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/operators/dense.h"
#include "analysis/sharpness/ascent.h"
#include "analysis/sharpness/flatness.h"
#include "analysis/sharpness/measure_sharpness.h"
#include "analysis/sharpness/noise.h"
#include "tests/analysis/small_problem.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"
#include "trainer/run/train.h"

namespace analysis {
namespace {

using testing::digitsModel;
using testing::digitsParts;

/// W1, b1 times a, W2 divided by it.
ModelObjective rescaled(const std::string& model, double a) {
  ModelObjective::Parts parts = digitsParts(digitsModel(model, "relu"), at::kDouble, 96);
  at::Tensor theta = parts.theta.clone();
  const auto& slices = parts.model->layout().slices();
  for (const auto& slice : slices) {
    const double factor = slice.name.starts_with("fc1") ? a : slice.name == "fc2.weight" ? 1 / a : 1;
    theta.narrow(0, slice.offset, slice.count()).mul_(factor);
  }
  parts.theta = theta;
  return ModelObjective(std::move(parts));
}

struct Values {
  double worst, step, average, flatness;
};

Values measured(ModelObjective& f, bool adaptive) {
  const Ball ball("l2", adaptive, f.theta0());
  const at::Tensor g = f.gradient(f.theta0());
  const double loss = f.evaluate(f.theta0()).loss;
  const auto hessian = f.hessian(f.theta0(), 0, {});
  return {worstCase(f, ball, g, loss, {.rho = 0.5}, nullptr, {}).value, oneStep(f, ball, g, loss, 0.5), averageRise({f, ball, g, loss, 20, 1}, 0.1, {}).mean,
          relativeFlatness(f, *hessian, 20, 1, {}).value};
}

// With the same draws in u every step of an adaptive measure sees the same network, up to rounding. A factor that is no power of two rounds; 20 steps of an
// ascent amplify that, so 1e-8.
TEST(AdaptiveSharpness, IsTheSameForLayersRescaledAgainstEachOther) {
  ModelObjective before = rescaled("mlp:64-8-10", 1), after = rescaled("mlp:64-8-10", 3);
  const Values a = measured(before, true), b = measured(after, true);
  EXPECT_NEAR(a.worst / b.worst, 1, 1e-8);
  EXPECT_NEAR(a.step / b.step, 1, 1e-10);
  EXPECT_NEAR(a.average / b.average, 1, 1e-10);
  EXPECT_NEAR(a.flatness / b.flatness, 1, 1e-8);
  const Values plain = measured(before, false), other = measured(after, false);
  EXPECT_GT(std::abs(plain.worst / other.worst - 1), 0.1);
  EXPECT_GT(std::abs(plain.average / other.average - 1), 0.1);
}

TEST(RelativeFlatness, IsTheSumOverTheDenseHessian) {
  ModelObjective f(digitsParts(digitsModel("mlp:64-4-10"), at::kDouble, 64));
  const auto hessian = f.hessian(f.theta0(), 0, {});
  const RelativeFlatness exactly = relativeFlatness(f, *hessian, 20, 1, {});
  EXPECT_EQ(exactly.layer, "fc2.weight");
  EXPECT_EQ(exactly.products, 40);
  EXPECT_TRUE(std::isnan(exactly.standardError));
  const auto& slice = f.layout().slices()[2];
  const at::Tensor h = denseMatrix(*hessian).narrow(0, slice.offset, 40).narrow(1, slice.offset, 40).reshape({10, 4, 10, 4});
  const at::Tensor w = f.theta0().narrow(0, slice.offset, 40).view({10, 4});
  const at::Tensor traces = h.diagonal(0, 1, 3).sum(-1);  // [10,10]: Tr H_{s,s'}
  EXPECT_NEAR(exactly.value / (at::matmul(w, w.t()) * traces).sum().item<double>(), 1, 1e-10);
}

TEST(RelativeFlatness, ProbesAgreeWithTheSumWhereThereAreMany) {
  ModelObjective f(digitsParts(digitsModel("mlp:64-32-10"), at::kDouble, 64));  // 320 products: probes
  const auto hessian = f.hessian(f.theta0(), 0, {});
  const RelativeFlatness probed = relativeFlatness(f, *hessian, 200, 1, {}), exactly = relativeFlatness(f, *hessian, 400, 1, {});
  EXPECT_EQ(probed.products, 200);
  EXPECT_EQ(exactly.products, 320);
  EXPECT_NEAR(probed.value, exactly.value, 4 * probed.standardError);
  EXPECT_LT(probed.standardError, 0.2 * exactly.value);
}

class SharpnessOfARun : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    trainer::RunSpec spec;
    spec.data = "digits", spec.dataLimit = 200, spec.model = "mlp:64-8-10", spec.sharpness = "penalty", spec.rho = 0.2, spec.alpha = 0.5;
    spec.epochs = 3, spec.device = "cpu", spec.threads = 1;
    trainer::train(trainer::resolve(spec, nullptr), *folder_ / "run", {}, {});
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }
  static SharpnessSpec spec() {
    SharpnessSpec s;
    s.measure.run = (*folder_ / "run").string(), s.measure.device = "cpu", s.measure.threads = 1, s.measure.precision = "double";
    s.iterations = 5, s.draws = 20;
    return s;
  }
  static TemporaryFolder* folder_;
};
TemporaryFolder* SharpnessOfARun::folder_ = nullptr;

TEST_F(SharpnessOfARun, MeasuresEveryKindNormScaleAndRadius) {
  SharpnessSpec s = spec();
  s.norms = {"l2", "linf"}, s.group = 64, s.relativeFlatness = true, s.pacBayes = 0.1;
  const Sharpness measured = measureSharpness(s, {});
  EXPECT_EQ(measured.measures.size(), 2U * 2 * 2 * 4 + 2 * 4);
  EXPECT_EQ(measured.groups, 4);
  EXPECT_GT(measured.groupGradientSquare, std::pow(measured.gradientNorm, 2)) << "Jensen";
  for (const SharpnessMeasure& m : measured.measures) {
    EXPECT_TRUE(std::isfinite(m.value)) << m.kind << m.norm << m.rho;
    EXPECT_GT(m.standardError, 0) << m.kind << m.norm << m.rho;
    const auto step = std::ranges::find_if(measured.measures, [&](const auto& o) { return o.kind == "one-step" && o.norm == m.norm && o.adaptive == m.adaptive && o.rho == m.rho; });
    if (m.kind != "worst") continue;
    EXPECT_GE(m.value, step->value * (1 - 1e-12)) << "the step is where one ascent starts";
  }
  ASSERT_EQ(measured.penaltyApproximation.size(), 6U) << "the run's own radius among them";
  EXPECT_EQ(measured.penaltyApproximation[4].rho, 0.2);
  EXPECT_NEAR(measured.ownPenaltyLambda, 0.1, 1e-15);
  EXPECT_NEAR(measured.ownPenaltyObjective, measured.lossValue + 0.1 * measured.gradientNorm, 1e-12);
  EXPECT_EQ(measured.objectives.size(), 4U);
  EXPECT_NEAR(measured.objectives[0].penalty, measured.lossValue + 0.25 * measured.gradientNorm, 1e-12);
  ASSERT_EQ(measured.pacBayes.size(), 2U);
  EXPECT_LT(measured.pacBayes[0].interval95.low, measured.pacBayes[0].sigma);
  EXPECT_TRUE(measured.relativeFlatness.has_value());
}

TEST_F(SharpnessOfARun, AStopKeepsWhatIsThere) {
  std::stop_source stop;
  const trainer::Context context = testing::contextOf(stop, [&](const trainer::Progress& p) {
    if (p.done >= 3) stop.request_stop();
  });
  const Sharpness s = measureSharpness(spec(), context);
  EXPECT_TRUE(s.stopped);
  EXPECT_EQ(s.measures.size(), 3U);
  stop.request_stop();
  EXPECT_THROW(measureSharpness(spec(), testing::contextOf(stop)), trainer::Cancelled);
}

TEST_F(SharpnessOfARun, RefusesWhatMakesNoSense) {
  const auto refusal = [](const auto& change) {
    SharpnessSpec s = spec();
    change(s);
    return messageOf<std::invalid_argument>([&] { measureSharpness(s, {}); });
  };
  EXPECT_NE(refusal([](SharpnessSpec& s) { s.kinds = {"best"}; }).find("--kind 'best'"), std::string::npos);
  EXPECT_NE(refusal([](SharpnessSpec& s) { s.norms = {"l1"}; }).find("--norm 'l1'"), std::string::npos);
  EXPECT_NE(refusal([](SharpnessSpec& s) { s.rho = {0.1, 0}; }).find("--rho"), std::string::npos);
  EXPECT_NE(refusal([](SharpnessSpec& s) { s.draws = 19; }).find("--draws 19"), std::string::npos);
  EXPECT_NE(refusal([](SharpnessSpec& s) { s.group = 201; }).find("--group 201"), std::string::npos);
  EXPECT_NE(refusal([](SharpnessSpec& s) { s.iterations = 0; }).find("--iterations"), std::string::npos);
}

}  // namespace
}  // namespace analysis
