// SPDX-License-Identifier: GPL-3.0-or-later
// Points of a plane and the following of a training, as jobs, with a tiny real run.
#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <thread>

#include "analysis/surface/sample_surface.h"
#include "trainer/run/run_store.h"
#include "trainer/run/train.h"
#include "ui/workspace/follow.h"
#include "ui/workspace/plane_probe.h"
#include "ui/workspace/session.h"

namespace ui {
namespace {

constexpr int kLongest = 60'000;  ///< a watchdog

trainer::RunSpec tinyRun(std::int64_t epochs) {
  trainer::RunSpec spec;
  spec.data = "digits", spec.model = "mlp:64-8-10", spec.epochs = epochs, spec.checkpointEvery = 1, spec.device = "cpu", spec.threads = 1;
  return trainer::resolve(spec, nullptr);
}

analysis::SurfaceSpec smallPlane(const std::string& run) {
  analysis::SurfaceSpec spec;
  spec.measure.run = run, spec.measure.threads = 1, spec.measure.samples = 300, spec.measure.device = "cpu";
  spec.x.size = 5, spec.y = spec.x;
  return spec;
}

class Explore : public ::testing::Test {
 protected:
  void SetUp() override {
    run = (std::filesystem::path(folder.path().toStdString()) / "run").string();
    trainer::train(tinyRun(1), run, {}, {});
    analysis::SurfaceResult r{smallPlane(run), {}};
    r.grid = analysis::sampleSurface(r.spec, {}, {});
    result = std::make_shared<const analysis::SurfaceResult>(r);
  }
  QTemporaryDir folder;
  std::string run;
  std::shared_ptr<const analysis::SurfaceResult> result;
};

TEST_F(Explore, aClickIsAnsweredWithTheGridsNumbers) {
  JobQueue jobs;
  PlaneProbe probe(jobs);
  std::vector<analysis::PlanePoint> answers;
  const auto take = [&](const analysis::PlanePoint& point, const QString& failure) {
    EXPECT_TRUE(failure.isEmpty()) << failure.toStdString();
    answers.push_back(point);
  };
  for (const std::size_t i : {6u, 12u, 24u}) probe.evaluate(result, {result->grid.x[i % 5], result->grid.y[i / 5]}, {.samples = {}, .test = true, .gradientNorm = true}, take);
  ASSERT_TRUE(QTest::qWaitFor([&] { return answers.size() == 3; }, kLongest));
  EXPECT_EQ(answers[0].trainLoss, result->grid.train.loss[6]);
  EXPECT_EQ(answers[1].testLoss, result->grid.test.loss[12]);
  EXPECT_EQ(answers[2].trainAccuracy, result->grid.train.accuracy[24]);
  EXPECT_GT(answers[0].gradientNorm, 0);
  EXPECT_TRUE(QTest::qWaitFor([&] { return jobs.jobs().empty(); }, kLongest)) << "it leaves the lane, and the list, to others";
}

TEST_F(Explore, aWalkDropsWhatIsOlderThanItsNewestPoint) {
  JobQueue jobs;
  PlaneProbe probe(jobs);
  QPointF last;
  QObject::connect(&probe, &PlaneProbe::walked, [&](QPointF at, const analysis::PlanePoint& point) {
    last = at;
    EXPECT_EQ(point.samples, 100);
  });
  for (int i = 0; i < 1000; ++i) probe.walk(result, {0.001 * i, 0}, 100);
  ASSERT_TRUE(QTest::qWaitFor([&] { return last == QPointF(0.999, 0); }, kLongest)) << "the newest is always evaluated";
  EXPECT_LT(probe.walkedPoints(), 50) << "wanted while one was busy or the plane was opened: dropped, not queued";
  EXPECT_EQ(probe.wantedPoints(), 1000);
}

TEST_F(Explore, aPlaneThatCannotBeOpenedSaysWhy) {
  JobQueue jobs;
  PlaneProbe probe(jobs);
  analysis::SurfaceResult gone = *result;
  gone.spec.measure.run = "/nowhere";
  QString said;
  probe.evaluate(std::make_shared<const analysis::SurfaceResult>(gone), {0, 0}, {}, [&](const analysis::PlanePoint&, const QString& failure) { said = failure; });
  ASSERT_TRUE(QTest::qWaitFor([&] { return !said.isEmpty(); }, kLongest));
  EXPECT_TRUE(said.contains("/nowhere")) << said.toStdString();
}

TEST_F(Explore, followingATrainingMeasuresItsCheckpointsAndKeepsAsManyAsWereAskedFor) {
  JobQueue jobs;
  Session session;
  const std::string live = run + "-live";
  SessionRun shown;
  shown.folder = live;
  shown.state = RunState::training;
  session.add(shown);
  FollowSettings settings{.surface = true, .section = true, .eigenvalues = true, .share = 1, .keep = 2, .spec = smallPlane("")};
  Follow follow(session, jobs, 1);
  follow.start(live, settings);
  std::jthread trains([&] { trainer::train(tinyRun(60), live, {}, {}); });
  ASSERT_TRUE(QTest::qWaitFor([&] { return follow.frames(live).size() == 2; }, kLongest));
  trains.join();
  session.update(live, [](SessionRun& r) { r.state = RunState::completed; });
  ASSERT_TRUE(QTest::qWaitFor([&] { return !follow.following(live); }, kLongest)) << "it ends with the training";
  const std::vector<FollowFrame>& frames = follow.frames(live);
  ASSERT_LE(frames.size(), 2u);
  const FollowFrame& last = frames.back();
  EXPECT_EQ(last.step, trainer::listCheckpoints(live).back().step) << "the end is seen";
  EXPECT_LT(frames.front().step, last.step);
  ASSERT_TRUE(last.surface && last.section && last.spectrum);
  EXPECT_EQ(last.surface->grid.step, last.step);
  EXPECT_TRUE(last.section->grid.slice);
  EXPECT_EQ(session.find(live)->surface, last.surface);
  EXPECT_EQ(session.find(live)->spectrum, last.spectrum);
  EXPECT_GT(follow.secondsFollowing(live), 0);
  EXPECT_LE(follow.secondsFollowing(live), follow.seconds(live) + 0.5);
  EXPECT_TRUE(follow.status(live).contains("of the time"));
  // The files of the kept frames are there, and those of no others.
  std::size_t files = 0;
  ASSERT_TRUE(QTest::qWaitFor([&] {
    files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(live + "/analyses")) files += entry.path().extension() == ".json";
    return files <= 6;
  }, kLongest));
  for (const FollowFrame& frame : frames)
    for (const std::string& file : frame.files) EXPECT_TRUE(std::filesystem::exists(file)) << file;
}

TEST_F(Explore, aShareOfNearlyNothingMeasuresOnceAndWaits) {
  JobQueue jobs;
  Session session;
  SessionRun shown;
  shown.folder = run;
  shown.state = RunState::training;
  session.add(shown);
  Follow follow(session, jobs, 1);
  follow.start(run, {.surface = true, .section = false, .eigenvalues = false, .share = 0.01, .keep = 5, .spec = smallPlane("")});
  ASSERT_TRUE(QTest::qWaitFor([&] { return follow.frames(run).size() == 1; }, kLongest));
  follow.stop(run);
  EXPECT_FALSE(follow.following(run));
  EXPECT_EQ(follow.frames(run).size(), 1u) << "frames stay";
}

}  // namespace
}  // namespace ui
