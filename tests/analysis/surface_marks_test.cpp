// SPDX-License-Identifier: GPL-3.0-or-later
// Surfaces through several runs: what is marked, and trajectories over the plane.
#include <gtest/gtest.h>

#include <cmath>

#include "analysis/surface/grid_order.h"
#include "analysis/surface/plane_marks.h"
#include "analysis/surface/preview_axes.h"
#include "analysis/surface/sample_surface.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/run/train.h"

namespace analysis {
namespace {

/// Three short runs on the digits that differ in their seeds, and one of another network.
class Runs : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    for (const auto& [name, seed, model] : {std::tuple{"a", 1, "mlp:64-8-10"}, {"b", 2, "mlp:64-8-10"}, {"c", 3, "mlp:64-8-10"}, {"other", 1, "mlp:64-6-10"}}) {
      trainer::RunSpec spec;
      spec.data = "digits", spec.model = model, spec.epochs = 3, spec.checkpointEvery = 1, spec.seed = static_cast<std::uint64_t>(seed), spec.device = "cpu", spec.threads = 1;
      records_.push_back(trainer::train(trainer::resolve(spec, nullptr), *folder_ / name, {}, {}));
    }
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
    records_.clear();
  }
  static std::string path(const std::string& name) { return (*folder_ / name).string(); }
  static SurfaceSpec spec(const std::string& x, const std::string& y) {
    SurfaceSpec s;
    s.measure.run = path("a");
    s.measure.device = "cpu", s.measure.threads = 1, s.measure.precision = "double", s.measure.samples = 0;
    s.x.kind = x, s.x.size = 5;
    s.y = AxisSpec{.kind = y, .size = 3};
    return s;
  }
  static inline TemporaryFolder* folder_ = nullptr;
  static inline std::vector<trainer::RunRecord> records_;
};

TEST_F(Runs, aPlaneThroughThreeRunsHoldsThem) {
  const SurfaceGrid g = sampleSurface(spec("toward:" + path("b"), "toward:" + path("c")), {}, {});
  ASSERT_EQ(g.marks.size(), 2u);
  EXPECT_NEAR(g.marks[0].x, 1, 1e-12);
  EXPECT_NEAR(g.marks[0].y, 0, 1e-12);
  EXPECT_NEAR(g.marks[1].x, 0, 1e-12);
  EXPECT_NEAR(g.marks[1].y, 1, 1e-12);
  for (const std::size_t i : {0u, 1u}) {
    EXPECT_LT(g.marks[i].distance, 1e-12);
    EXPECT_NEAR(g.marks[i].loss, records_[i + 1].evaluations.back().trainLoss, 1e-6) << "the recorded one is in float";
    EXPECT_NEAR(g.marks[i].planeLoss, g.marks[i].loss, 1e-12);
  }
  EXPECT_NEAR(g.train.loss[4 + 5], g.marks[0].loss, 1e-12) << "coordinate (1, 0)";
}

TEST_F(Runs, anOrthonormalPlaneHoldsThemAtTheirDistances) {
  SurfaceSpec s = spec("toward:" + path("b"), "toward:" + path("c"));
  const SurfaceGrid plain = sampleSurface(s, {}, {});
  s.orthonormal = true, s.fitRange = true;
  const SurfaceGrid g = sampleSurface(s, {}, {});
  EXPECT_NEAR(g.marks[0].x, plain.directionNorms[0], 1e-12);
  EXPECT_NEAR(std::hypot(g.marks[1].x, g.marks[1].y), plain.directionNorms[1], 1e-12);
  EXPECT_LT(g.marks[1].distance, 1e-12);
  EXPECT_GT(g.x.back(), g.marks[0].x) << "the range was fitted";
  EXPECT_EQ(g.x[centreIndex(g) % 5], 0);
}

TEST_F(Runs, aTrajectoryHasItsTrueLossThePlanesLossAndItsDistance) {
  SurfaceSpec s = spec("pca:1", "pca:2");
  s.trajectory = true, s.fitRange = true;
  s.trajectoriesOf = {path("b")};
  const SurfaceGrid g = sampleSurface(s, {}, {});
  const std::size_t kept = records_[0].evaluations.size();
  ASSERT_EQ(g.trajectory.size(), 2 * kept);
  for (std::size_t i = 0; i < kept; ++i) {
    const TrajectoryPoint& p = g.trajectory[i];
    EXPECT_EQ(p.run, path("a"));
    EXPECT_EQ(p.step, records_[0].evaluations[i].step);
    EXPECT_NEAR(p.loss, records_[0].evaluations[i].trainLoss, 1e-6);
    EXPECT_NEAR(p.testLoss, records_[0].evaluations[i].testLoss, 1e-6);
    EXPECT_EQ(g.trajectory[kept + i].run, path("b"));
    EXPECT_GT(g.trajectory[kept + i].distance, 1) << "another start is far from this run's plane";
    EXPECT_LE(p.x, g.x.back());
    EXPECT_GE(p.x, g.x.front());
  }
  const TrajectoryPoint& last = g.trajectory[kept - 1];
  EXPECT_LT(std::abs(last.x) + std::abs(last.y) + last.distance, 1e-12) << "the plane stands on it";
  EXPECT_NEAR(last.planeLoss, g.centre, 1e-12);
}

// Distances from the plane and what the two axes explain are one thing: sum of squares = (1 - e1 - e2) of the whole.
TEST_F(Runs, distancesAreWhatTheComponentsDoNotExplain) {
  SurfaceSpec s = spec("pca:1", "pca:2");
  s.trajectory = true;
  const SurfaceGrid g = sampleSurface(s, {}, {});
  double out = 0, all = 0;
  for (const TrajectoryPoint& p : g.trajectory) {
    out += p.distance * p.distance;
    all += p.distance * p.distance + p.x * p.x + p.y * p.y;
  }
  EXPECT_NEAR(out / all, 1 - g.axes[0].explainedVariance - g.axes[1].explainedVariance, 1e-10);
  EXPECT_NEAR(g.cosine, 0, 1e-10);
}

TEST_F(Runs, theTestSetCanBeWhatIsMeasured) {
  SurfaceSpec s = spec("random", "random");
  s.measure.split = "test";
  const SurfaceGrid g = sampleSurface(s, {}, {});
  EXPECT_EQ(g.samples, 355);
  EXPECT_EQ(g.train.loss, g.test.loss);
  EXPECT_NEAR(g.centre, records_[0].evaluations.back().testLoss, 1e-6);
}

TEST_F(Runs, anotherNetworkHasNoLineToIt) {
  const std::string message = messageOf<std::invalid_argument>([&] { sampleSurface(spec("toward:" + path("other"), "random"), {}, {}); });
  EXPECT_NE(message.find("mlp:64-6-10"), std::string::npos) << message;
  EXPECT_NE(messageOf<std::invalid_argument>([&] { sampleSurface(spec("toward:" + path("b") + "@7", "random"), {}, {}); }).find("7"), std::string::npos);
}

TEST_F(Runs, aPreviewSaysWhatTheSurfaceWillSay) {
  const SurfaceSpec s = spec("toward:" + path("b"), "gradient");
  const AxesPreview preview = previewAxes(s, {});
  const SurfaceGrid g = sampleSurface(s, {}, {});
  ASSERT_EQ(preview.axes.size(), 2u);
  for (const std::size_t i : {0u, 1u}) {
    EXPECT_EQ(preview.axes[i].description, g.directions[i]);
    EXPECT_EQ(preview.axes[i].norm, g.directionNorms[i]);
  }
  EXPECT_EQ(preview.cosine, g.cosine);
  EXPECT_EQ(preview.points, 15);
  EXPECT_GT(preview.seconds, 0);
  const AxesPreview later = previewAxes(spec("random", "eigen:2"), {});
  EXPECT_TRUE(std::isnan(later.cosine));
  EXPECT_GT(later.axes[1].products, 0);
  EXPECT_TRUE(std::isnan(later.axes[1].eigenvalue));
}

TEST(FitAxis, holdsBothEndsWithZeroOnTheGrid) {
  for (const auto& [from, to] : {std::pair{-0.3, 11.0}, {0.0, 2.0}, {-5.0, 0.0}, {-1.0, 1.0}, {1.0, 2.0}}) {
    AxisSpec axis{.size = 9};
    fitAxis(axis, from, to);
    EXPECT_LE(axis.from, std::min(from, 0.0));
    EXPECT_GE(axis.to, std::max(to, 0.0) - 1e-12);
    SurfaceSpec s;
    s.x = axis;
    EXPECT_NO_THROW(validate(s)) << from << ":" << to;
  }
  AxisSpec axis;
  fitAxis(axis, 0, 0);
  EXPECT_EQ(axis, AxisSpec{});
}

}  // namespace
}  // namespace analysis
