// SPDX-License-Identifier: GPL-3.0-or-later
// Paths between runs: barriers, curves, and matched units.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "analysis/paths/bezier.h"
#include "analysis/paths/measure_path.h"
#include "analysis/paths/permutations.h"
#include "tests/analysis/small_problem.h"
#include "tests/analysis/surface_fake.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/base/files.h"
#include "trainer/base/random.h"
#include "trainer/model/checkpoint.h"
#include "trainer/run/run_store.h"
#include "trainer/run/train.h"

namespace analysis {
namespace {

using testing::gaussian;

TEST(Barrier, isTheRiseAboveTheLineBetweenTheEnds) {
  const std::vector<double> t = {0, 0.25, 0.5, 0.75, 1};
  EXPECT_EQ(barrierOf({1, 2, 4, 3, 3}, t).height, 2);
  EXPECT_EQ(barrierOf({1, 2, 4, 3, 3}, t).at, 0.5);
  EXPECT_EQ(barrierOf({3, 2, 1, 0.5, 0}, t).height, 0) << "downhill all along";
  EXPECT_TRUE(std::isnan(barrierOf({1, NAN, 4, 3, 3}, t).height));
  EXPECT_EQ(barrierOf({1, INFINITY, 4, 3, 3}, t).height, INFINITY);
}

// On L = 1/2 sum a_i theta_i^2 the mean over t of L(phi(t)) is smallest where the integral of 2 t (1-t) phi(t) vanishes: m = -3/4 (a + b), for any a_i > 0
// (the integrals of 2 t (1-t)^3, 4 t^2 (1-t)^2 and 2 t^3 (1-t) are 1/10, 2/15, 1/10). Four stratified draws a step leave noise that Adam's falling rate averages.
TEST(Bezier, findsTheControlPointOfAQuadratic) {
  testing::Quadratic objective(std::make_shared<testing::Watch>(), at::kDouble);
  const at::Tensor a = gaussian(23, 1) + 2, b = gaussian(23, 2) + 2, best = -0.75 * (a + b);
  const BezierCurve curve = trainBezier(objective, a, b, {.steps = 800}, {});
  EXPECT_EQ(curve.gradients, 3200);
  EXPECT_LT(testing::relativeDifference(curve.middle, best), 0.05);
  EXPECT_TRUE(at::equal(trainBezier(objective, a, b, {.steps = 800}, {}).middle, curve.middle)) << "seeded";
}

TEST(Bezier, passesThroughItsEnds) {
  const at::Tensor a = gaussian(5, 1), b = gaussian(5, 2), m = gaussian(5, 3);
  EXPECT_TRUE(at::equal(bezierPoint(a, m, b, 0), a));
  EXPECT_TRUE(at::equal(bezierPoint(a, m, b, 1), b));
  EXPECT_LT(testing::relativeDifference(bezierPoint(a, (a + b) / 2, b, 0.3), 0.7 * a + 0.3 * b), 1e-15) << "a straight line through the middle";
}

/// Two runs of a network on the digits, and a copy of the first with its units permuted.
class Paths : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    for (const auto& [name, seed] : {std::pair{"a", 1}, {"b", 2}}) {
      trainer::RunSpec spec;
      spec.data = "digits", spec.dataLimit = 300, spec.model = GetParam(), spec.epochs = 2, spec.seed = static_cast<std::uint64_t>(seed), spec.device = "cpu", spec.threads = 1;
      spec.learningRate = 0.05;
      records.push_back(trainer::train(trainer::resolve(spec, nullptr), folder / name, {}, {}));
    }
  }
  PathSpec spec(const std::string& to) const {
    PathSpec s;
    s.measure.run = (folder / "a").string();
    s.measure.device = "cpu", s.measure.threads = 1, s.measure.precision = "double", s.measure.samples = 100;
    s.run2 = (folder / to).string();
    s.points = 5;
    return s;
  }
  /// A copy of run a whose last checkpoint has its units in random places.
  void permuteCopy() const {
    std::filesystem::copy(folder / "a", folder / "copy", std::filesystem::copy_options::recursive);
    const auto model = trainer::buildModel(GetParam(), "relu", {.channels = 1, .height = 8, .width = 8, .classes = 10});
    const auto groups = permutationGroups(*model);
    Permutations p;
    for (const PermutationGroup& g : groups) p.push_back(trainer::permutation(g.size, trainer::deriveSeed(7, g.name)));
    const trainer::CheckpointInfo last = trainer::findCheckpoint(folder / "copy", "last");
    trainer::Checkpoint saved = trainer::readCheckpoint(last.file, *model);
    const PermutedWeights moved = permuted(groups, p, {saved.theta, saved.buffers});
    saved.theta = moved.theta, saved.buffers = moved.buffers;
    trainer::writeCheckpoint(last.file, *model, saved);
  }
  TemporaryFolder folder;
  std::vector<trainer::RunRecord> records;
};

TEST_P(Paths, endsAreTheRunsOwnLosses) {
  PathSpec s = spec("b");
  s.measure.samples = 0;
  const Path p = measurePath(s, {});
  ASSERT_EQ(p.lines.size(), 1u);
  const PathLine& line = p.lines[0];
  EXPECT_NEAR(line.trainLoss.front(), records[0].evaluations.back().trainLoss, 1e-5) << "the recorded ones are in float";
  EXPECT_NEAR(line.trainLoss.back(), records[1].evaluations.back().trainLoss, 1e-5);
  EXPECT_NEAR(line.testLoss.back(), records[1].evaluations.back().testLoss, 1e-5) << "its own running statistics at its end";
  EXPECT_NEAR(line.length, p.distance, 1e-10 * p.distance);
  EXPECT_GE(line.trainBarrier, 0);
  EXPECT_EQ(p.evaluations, 5);
}

TEST_P(Paths, thePolicyEvalKeepsTheFirstRunsStatistics) {
  PathSpec s = spec("b");
  const Path moving = measurePath(s, {});
  s.measure.batchNorm = "eval";
  const Path kept = measurePath(s, {});
  EXPECT_EQ(kept.lines[0].trainLoss.front(), moving.lines[0].trainLoss.front());
  EXPECT_EQ(kept.lines[0].trainLoss.back() != moving.lines[0].trainLoss.back(), GetParam() == "resnet8");
}

TEST_P(Paths, matchingBringsAPermutedCopyBackWithoutABarrier) {
  permuteCopy();
  PathSpec s = spec("copy");
  s.match = true;
  s.saveMatched = (folder / "matched.safetensors").string();
  const Path p = measurePath(s, {});
  ASSERT_EQ(p.lines.size(), 2u);
  EXPECT_GT(p.match->distanceBefore, 1);
  EXPECT_EQ(p.match->distanceAfter, 0);
  EXPECT_LT(p.match->outputDifference, 1e-12);
  EXPECT_NEAR(p.lines[0].trainLoss.front(), p.lines[0].trainLoss.back(), 1e-10) << "the same function at both ends";
  EXPECT_GT(p.lines[0].trainBarrier, 1e-3) << "the straight line to a permuted copy climbs";
  EXPECT_LT(p.lines[1].trainBarrier, 1e-12);
  const auto model = trainer::buildModel(GetParam(), "relu", {.channels = 1, .height = 8, .width = 8, .classes = 10});
  const trainer::Checkpoint original = trainer::readCheckpoint(trainer::findCheckpoint(folder / "a", "last").file, *model), matched = trainer::readCheckpoint(s.saveMatched, *model);
  EXPECT_TRUE(at::equal(original.theta, matched.theta.to(original.theta.scalar_type())));
}

TEST_P(Paths, aCurveIsLowerThanTheLine) {
  PathSpec s = spec("b");
  s.curveSteps = 15;
  if (trainer::buildModel(GetParam(), "relu", {.channels = 1, .height = 8, .width = 8, .classes = 10})->bufferLayout().size() > 0) {
    EXPECT_NE(messageOf<std::invalid_argument>([&] { measurePath(s, {}); }).find("--bn recomputed"), std::string::npos);
    s.measure.batchNorm = "recomputed";
    s.curveSteps = 4;
  }
  const Path p = measurePath(s, {});
  ASSERT_EQ(p.lines.size(), 2u);
  EXPECT_EQ(p.lines[1].kind, "bezier");
  EXPECT_EQ(p.lines[1].trainLoss.front(), p.lines[0].trainLoss.front());
  EXPECT_EQ(p.lines[1].trainLoss.back(), p.lines[0].trainLoss.back());
  EXPECT_LT(p.curve->lastLoss, p.curve->firstLoss);
  EXPECT_GT(p.lines[1].length, p.lines[0].length);
}

INSTANTIATE_TEST_SUITE_P(Networks, Paths, ::testing::Values("mlp:64-10-8-10", "resnet8"), [](const auto& tested) { return tested.param == "resnet8" ? "resnet8" : "mlp"; });

TEST(MeasurePath, refusesWhatCannotBeDone) {
  PathSpec s;
  s.points = 2;
  EXPECT_NE(messageOf<std::invalid_argument>([&] { measurePath(s, {}); }).find("--points"), std::string::npos);
  s.points = 5, s.saveMatched = "x.safetensors";
  EXPECT_NE(messageOf<std::invalid_argument>([&] { measurePath(s, {}); }).find("--match"), std::string::npos);
}

}  // namespace
}  // namespace analysis
