// SPDX-License-Identifier: GPL-3.0-or-later
// The live plane against the grid and against the objective itself.
#include <gtest/gtest.h>

#include <cmath>

#include "analysis/sharpness/ball.h"
#include "analysis/surface/plane_session.h"
#include "analysis/surface/sample_surface.h"
#include "analysis/load_objective.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/run/train.h"

namespace analysis {
namespace {

class Walk : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    trainer::RunSpec spec;
    spec.data = "digits", spec.model = "mlp:64-16-10", spec.epochs = 2, spec.device = "cpu", spec.threads = 1;
    trainer::train(trainer::resolve(spec, nullptr), *folder_ / "run", {}, {});
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }
  static SurfaceSpec spec() {
    SurfaceSpec s;
    s.measure.run = (*folder_ / "run").string();
    s.measure.device = "cpu", s.measure.threads = 1, s.measure.samples = 400;
    s.x = {.kind = "eigen:1", .size = 5};
    s.y = AxisSpec{.kind = "random", .size = 3};
    return s;
  }
  static inline TemporaryFolder* folder_ = nullptr;
};

TEST_F(Walk, pointsOfTheSurfacesSamplesAreTheGridsToTheBitWhateverWasAskedBetween) {
  const SurfaceGrid g = sampleSurface(spec(), {}, {});
  PlaneSession session(planeSpecOf(spec(), g), {});
  for (std::size_t row = 0; row < g.y.size(); ++row)
    for (std::size_t column = 0; column < g.x.size(); ++column) {
      const std::size_t i = row * g.x.size() + column;
      session.evaluate(0.3, -0.2, {.samples = 100, .test = false});
      const PlanePoint p = session.evaluate(g.x[column], g.y[row], {.gradientNorm = true});
      EXPECT_EQ(p.trainLoss, g.train.loss[i]);
      EXPECT_EQ(p.trainAccuracy, g.train.accuracy[i]);
      EXPECT_EQ(p.testLoss, g.test.loss[i]);
      EXPECT_EQ(p.testAccuracy, g.test.accuracy[i]);
      EXPECT_EQ(p.aboveCentre, g.train.loss[i] - g.centre);
      EXPECT_EQ(p.samples, g.samples);
      EXPECT_EQ(p.testSamples, g.testSamples);
    }
}

TEST_F(Walk, otherSamplesAreThoseOfARunLoadedWithThem) {
  PlaneSession session(spec(), {});
  for (const std::int64_t samples : {std::int64_t{100}, std::int64_t{0}}) {
    MeasureSpec other = spec().measure;
    other.samples = samples;
    const LoadedRun run = loadRun(other);
    const Evaluation there = run.train->evaluate(run.train->theta0());
    const PlanePoint p = session.evaluate(0, 0, {.samples = samples, .gradientNorm = true});
    EXPECT_EQ(p.trainLoss, there.loss);
    EXPECT_EQ(p.aboveCentre, 0);
    EXPECT_EQ(p.gradientNorm, normOf(run.train->gradient(run.train->theta0())));
    EXPECT_EQ(p.samples, samples == 0 ? 1442 : 100);
  }
  EXPECT_EQ(session.evaluate(0, 0, {.samples = 5000}).samples, 400) << "no more than the surface's own";
}

TEST_F(Walk, whatIsNotAskedForIsUnknown) {
  PlaneSession session(spec(), {});
  const PlanePoint p = session.evaluate(0.1, 0.1, {.test = false});
  EXPECT_TRUE(std::isnan(p.testLoss));
  EXPECT_TRUE(std::isnan(p.gradientNorm));
  EXPECT_EQ(p.testSamples, 0);
}

}  // namespace
}  // namespace analysis
