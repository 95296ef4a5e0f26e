// SPDX-License-Identifier: GPL-3.0-or-later
// A stopped surface goes on where it was.
#include <gtest/gtest.h>

#include <stop_token>

#include "analysis/export/result_file.h"
#include "analysis/surface/known_points.h"
#include "tests/analysis/surface_fake.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/run/train.h"

#include <nlohmann/json.hpp>

namespace analysis {
namespace {

using testing::FakePlane;
using testing::planeSpec;

/// The grid of `spec` as it is after `points` evaluations and a stop.
SurfaceGrid stopped(const SurfaceSpec& spec, std::int64_t points) {
  FakePlane fake(spec);
  std::stop_source stop;
  fake.watch->before = [&] {
    if (fake.watch->evaluations + 1 >= points) stop.request_stop();
  };
  return samplePlane(*fake.plane, spec, {}, {.stop = stop.get_token(), .progress = {}, .waitWhilePaused = {}});
}

TEST(KnownPoints, aStoppedSurfaceEndsAsIfItHadNotBeenStopped) {
  for (const std::int64_t points : {1, 2, 40, 288}) {
    const SurfaceSpec spec = planeSpec(17, 17);
    const SurfaceGrid part = stopped(spec, points);
    ASSERT_TRUE(part.stopped);
    ASSERT_EQ(part.evaluations, points);
    FakePlane again(spec), whole(spec);
    const SurfaceGrid g = samplePlane(*again.plane, spec, {}, {}, {spec, std::make_shared<const SurfaceGrid>(part)});
    const SurfaceGrid one = samplePlane(*whole.plane, spec, {}, {});
    EXPECT_EQ(again.watch->evaluations, 17 * 17 - points + 1) << "the centre is looked at again";
    EXPECT_EQ(g.train.loss, one.train.loss);
    EXPECT_EQ(g.test.loss, one.test.loss);
    EXPECT_EQ(g.evaluations, one.evaluations);
    EXPECT_EQ(g.computed, one.computed);
    EXPECT_FALSE(g.stopped);
  }
}

TEST(KnownPoints, twiceTheDensityReusesEveryPoint) {
  SurfaceSpec spec = planeSpec(9, 9);
  spec.x.from = -0.7, spec.x.to = 0.7;
  FakePlane coarse(spec);
  const auto known = std::make_shared<const SurfaceGrid>(samplePlane(*coarse.plane, spec, {}, {}));
  SurfaceSpec fine = spec;
  fine.x.size = fine.y->size = 17;
  FakePlane plane(fine);
  const SurfaceGrid g = samplePlane(*plane.plane, fine, {}, {}, {spec, known});
  EXPECT_EQ(plane.watch->evaluations, 17 * 17 - 81 + 1);
  FakePlane fresh(fine);
  EXPECT_EQ(g.train.loss, samplePlane(*fresh.plane, fine, {}, {}).train.loss);
}

TEST(KnownPoints, anotherCentreIsRefused) {
  const SurfaceSpec spec = planeSpec(5, 5);
  SurfaceGrid part = stopped(spec, 7);
  part.train.loss[12] += 1e-9;
  FakePlane again(spec);
  const std::string message = messageOf<std::invalid_argument>([&] { samplePlane(*again.plane, spec, {}, {}, {spec, std::make_shared<const SurfaceGrid>(part)}); });
  EXPECT_NE(message.find("--continue"), std::string::npos) << message;
}

TEST(KnownPoints, whatDiffersIsNamed) {
  const SurfaceSpec spec = planeSpec(5, 5);
  FakePlane plane(spec);
  const auto grid = std::make_shared<const SurfaceGrid>(samplePlane(*plane.plane, spec, {}, {}));
  EXPECT_NO_THROW(requireSamePlane({spec, grid}, spec, *plane.plane));
  const auto refused = [&](const auto& change) {
    SurfaceSpec other = spec;
    change(other);
    return messageOf<std::invalid_argument>([&] { requireSamePlane({other, grid}, spec, *plane.plane); });
  };
  EXPECT_NE(refused([](SurfaceSpec& s) { s.measure.threads = 7; }).find("threads 7"), std::string::npos);
  EXPECT_NE(refused([](SurfaceSpec& s) { s.x.kind = "eigen:1"; }).find("eigen:1"), std::string::npos);
  EXPECT_NE(refused([](SurfaceSpec& s) { s.y.reset(); }).find("none"), std::string::npos);
  EXPECT_NE(refused([](SurfaceSpec& s) { s.measure.weights = "ema"; }).find("weights"), std::string::npos);
  SurfaceGrid longer = *grid;
  longer.directionNorms[1] *= 1.1;
  EXPECT_THROW(requireSamePlane({spec, std::make_shared<const SurfaceGrid>(longer)}, spec, *plane.plane), std::invalid_argument);
}

/// A real run, through the file: what a window does after a restart; and a trajectory added to a whole surface.
TEST(KnownPoints, goesOnFromAFileAndAddsWhatIsAskedFor) {
  TemporaryFolder folder;
  trainer::RunSpec run;
  run.data = "digits", run.model = "mlp:64-8-10", run.epochs = 2, run.checkpointEvery = 1, run.device = "cpu", run.threads = 1;
  trainer::train(trainer::resolve(run, nullptr), folder / "run", {}, {});
  SurfaceSpec spec;
  spec.measure.run = (folder / "run").string(), spec.measure.threads = 1, spec.measure.samples = 300, spec.measure.device = "cpu";
  spec.x.size = 9, spec.y = spec.x;
  std::stop_source stop;
  const auto countdown = [&](const trainer::Progress& p) {
    if (p.done >= 30) stop.request_stop();
  };
  const SurfaceGrid part = sampleSurface(spec, {}, {.stop = stop.get_token(), .progress = countdown, .waitWhilePaused = {}});
  ASSERT_TRUE(part.stopped);
  const Result read = readResult(saveResult(SurfaceResult{spec, part}));
  const auto& kept = std::get<SurfaceResult>(read);
  const SurfaceGrid whole = sampleSurface(spec, {}, {});
  const SurfaceGrid g = sampleSurface(spec, {}, {}, {kept.spec, std::make_shared<const SurfaceGrid>(kept.grid)});
  EXPECT_EQ(g.train.loss, whole.train.loss);
  EXPECT_EQ(g.test.accuracy, whole.test.accuracy);
  EXPECT_EQ(g.evaluations, whole.evaluations);

  SurfaceSpec more = spec;
  more.trajectory = more.samStep = true;
  std::int64_t points = 0;
  const auto count = [&](const trainer::Progress& p) { points += p.unit == "points"; };
  const SurfaceGrid added = sampleSurface(more, {}, {.stop = {}, .progress = count, .waitWhilePaused = {}}, {spec, std::make_shared<const SurfaceGrid>(whole)});
  EXPECT_EQ(points, 1) << "the centre alone";
  EXPECT_EQ(added.train.loss, whole.train.loss);
  ASSERT_EQ(added.trajectory.size(), 3u);
  EXPECT_LT(std::abs(added.trajectory.back().loss - whole.centre), 1e-12);
  ASSERT_TRUE(added.samStep.has_value());
  EXPECT_GT(added.samStep->perturbedLoss, added.samStep->loss);
  const Result again = toResult(nlohmann::json::parse(toJson(SurfaceResult{more, added}).dump()), "text");
  EXPECT_EQ(std::get<SurfaceResult>(again).spec, more);
  EXPECT_EQ(std::get<SurfaceResult>(again).grid.samStep->vectors.size(), 3u);
  EXPECT_EQ(std::get<SurfaceResult>(again).grid.samStep->perturbedLoss, added.samStep->perturbedLoss);
  EXPECT_NE(commandLine(SurfaceResult{more, added}).find("--trajectory --sam-step"), std::string::npos);
}

}  // namespace
}  // namespace analysis
