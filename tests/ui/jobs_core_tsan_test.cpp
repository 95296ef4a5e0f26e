// SPDX-License-Identifier: GPL-3.0-or-later
// Lanes and tasks know no Qt, so the thread sanitizer can be trusted on them.
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <latch>
#include <memory>
#include <semaphore>
#include <vector>

#include "trainer/base/error.h"
#include "ui/jobs/job_lane.h"
#include "ui/jobs/rate_estimate.h"

namespace ui {
namespace {

/// A task whose owner can wait for its next change.
struct Watched {
  explicit Watched(JobWork work) : task(std::make_shared<JobTask>(std::move(work), [this] { changes.release(); })) {}
  JobTask::Snapshot next() {
    changes.acquire();
    return task->snapshot();
  }
  std::counting_semaphore<> changes{0};
  std::shared_ptr<JobTask> task;
};

void nothing(const trainer::Context&) {}

/// Works until it is told to stop.
void untilStopped(const trainer::Context& context) {
  for (;;) context.checkpoint();
}

TEST(JobLane, runsInTheOrderOfAddingOneAtATime) {
  std::vector<int> order;  // written by the lane's thread alone: a second one at the same time would be a race
  std::latch all(20);
  JobLane lane;
  for (int i = 0; i < 20; ++i) {
    lane.add(std::make_shared<JobTask>([&order, i](const trainer::Context&) { order.push_back(i); },
                                       [&all, calls = std::make_shared<int>(0)] {
                                         if (++*calls == 2) all.count_down();  // began, ended
                                       }));
  }
  all.wait();
  ASSERT_EQ(order.size(), 20U);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(JobLane, lanesRunAtTheSameTime) {
  std::latch both(2);  // neither gets past it alone
  Watched first([&](const trainer::Context&) { both.arrive_and_wait(); }), second([&](const trainer::Context&) { both.arrive_and_wait(); });
  JobLane one, other;
  one.add(first.task);
  other.add(second.task);
  first.next();
  second.next();
  EXPECT_EQ(first.next().state, JobState::done);
  EXPECT_EQ(second.next().state, JobState::done);
}

TEST(JobTask, standsStillWhilePausedAndGoesOn) {
  std::latch mayLook(1);
  std::atomic<int> passed = 0;
  Watched watched([&](const trainer::Context& context) {
    mayLook.wait();
    context.checkpoint();
    ++passed;
  });
  JobLane lane;
  lane.add(watched.task);
  EXPECT_EQ(watched.next().state, JobState::running);
  lane.setPaused(*watched.task, true);
  mayLook.count_down();
  const auto paused = watched.next();  // comes from inside the checkpoint
  EXPECT_EQ(paused.state, JobState::paused);
  EXPECT_EQ(passed, 0);
  EXPECT_EQ(watched.task->snapshot().elapsedSeconds, paused.elapsedSeconds);  // its clock stands still
  lane.setPaused(*watched.task, false);
  watched.next();
  EXPECT_EQ(watched.next().state, JobState::done);
  EXPECT_EQ(passed, 1);
}

TEST(JobTask, aStopWakesAPausedOne) {
  Watched watched(untilStopped);
  JobLane lane;
  lane.add(watched.task);
  watched.next();
  lane.setPaused(*watched.task, true);
  EXPECT_EQ(watched.next().state, JobState::paused);
  watched.task->requestStop();
  watched.next();
  EXPECT_EQ(watched.next().state, JobState::cancelled);
}

TEST(JobTask, stoppingShowsUntilTheWorkReturns) {
  std::latch mayReturn(1);
  Watched watched([&](const trainer::Context&) { mayReturn.wait(); });
  JobLane lane;
  lane.add(watched.task);
  EXPECT_FALSE(watched.next().stopping);
  watched.task->requestStop();
  EXPECT_TRUE(watched.task->snapshot().stopping);
  mayReturn.count_down();
  const auto end = watched.next();
  EXPECT_EQ(end.state, JobState::cancelled);  // a normal return after a stop
  EXPECT_FALSE(end.stopping);
}

TEST(JobTask, theExceptionDecidesTheEnd) {
  const auto endOf = [](JobWork work) {
    JobTask task(std::move(work), [] {});
    task.run();
    return task.snapshot();
  };
  EXPECT_EQ(endOf(nothing).state, JobState::done);
  EXPECT_EQ(endOf([](const trainer::Context&) { throw trainer::Cancelled(); }).state, JobState::cancelled);
  const auto failed = endOf([](const trainer::Context&) { throw trainer::IoError("the disk is full"); });
  EXPECT_EQ(failed.state, JobState::failed);
  EXPECT_EQ(failed.message, "the disk is full");
  const auto odd = endOf([](const trainer::Context&) { throw 7; });
  EXPECT_EQ(odd.state, JobState::failed);
  EXPECT_FALSE(odd.message.empty());
}

TEST(JobTask, aStopBeforeTheStartKeepsTheWorkFromRunning) {
  bool ran = false;
  JobTask task([&](const trainer::Context&) { ran = true; }, [] {});
  task.requestStop();
  task.run();
  EXPECT_FALSE(ran);
  EXPECT_EQ(task.snapshot().state, JobState::cancelled);
}

TEST(JobTask, whatTheWorkCapturedIsReleasedBeforeTheEndIsTold) {
  auto result = std::make_shared<int>(1);
  long owners = 0;
  JobTask* self = nullptr;
  JobTask task([result](const trainer::Context&) {},
               [&] {
                 if (isOver(self->snapshot().state)) owners = result.use_count();
               });
  self = &task;
  EXPECT_EQ(result.use_count(), 2);
  task.run();
  EXPECT_EQ(owners, 1);
}

TEST(JobTask, theMailboxHoldsTheLatestReport) {
  std::atomic<bool> read = false;
  Watched watched([&](const trainer::Context& context) {
    std::int64_t done = 0;
    while (!read) context.report({.stage = "33 x 33", .unit = "points", .done = ++done, .total = 1000000000});
    context.report({.stage = "65 x 65", .unit = "points", .done = 4225, .total = 4225});
  });
  JobLane lane;
  lane.add(watched.task);
  watched.next();
  std::int64_t last = 0;
  while (last < 1000) {  // reading and writing at the same time
    const auto now = watched.task->snapshot();
    EXPECT_GE(now.progress.done, last);
    last = now.progress.done;
  }
  read = true;
  const auto end = watched.next();
  EXPECT_EQ(end.progress.stage, "65 x 65");
  EXPECT_EQ(end.progress.done, 4225);
  EXPECT_EQ(end.secondsLeft, -1);
}

TEST(JobLane, whatStillWaitsCanBeTakenBack) {
  std::latch mayEnd(1);
  std::atomic<bool> ran = false;
  Watched first([&](const trainer::Context&) { mayEnd.wait(); }), second([&](const trainer::Context&) { ran = true; });
  JobLane lane;
  lane.add(first.task);
  first.next();
  lane.add(second.task);
  EXPECT_FALSE(lane.takeBack(first.task));
  EXPECT_TRUE(lane.takeBack(second.task));
  EXPECT_EQ(second.next().state, JobState::cancelled);
  EXPECT_FALSE(lane.takeBack(second.task));
  mayEnd.count_down();
  EXPECT_EQ(first.next().state, JobState::done);
  EXPECT_FALSE(ran);
}

TEST(JobLane, oneThatIsPausedBeforeItStartsLetsTheOthersPass) {
  Watched paused(nothing), other(nothing);
  paused.task->setPaused(true);
  JobLane lane;
  lane.add(paused.task);
  lane.add(other.task);
  other.next();
  EXPECT_EQ(other.next().state, JobState::done);
  EXPECT_EQ(paused.task->snapshot().state, JobState::paused);
  lane.setPaused(*paused.task, false);
  paused.next();
  EXPECT_EQ(paused.next().state, JobState::done);
}

TEST(JobLane, destructionStopsTheRunningAndDropsTheWaiting) {
  Watched running(untilStopped), pausedOne(untilStopped), waiting(nothing);
  {
    JobLane lane;
    lane.add(running.task);
    running.next();
    lane.add(waiting.task);
  }
  EXPECT_EQ(running.task->snapshot().state, JobState::cancelled);
  EXPECT_EQ(waiting.task->snapshot().state, JobState::cancelled);
  EXPECT_FALSE(waiting.task->snapshot().started);
  {
    JobLane lane;
    lane.add(pausedOne.task);
    pausedOne.next();
    lane.setPaused(*pausedOne.task, true);
    pausedOne.next();
  }
  EXPECT_EQ(pausedOne.task->snapshot().state, JobState::cancelled);
}

TEST(JobLane, nothingStartsAfterAStop) {
  JobLane lane;
  lane.requestStop();
  lane.join();
  Watched late(nothing);
  lane.add(late.task);
  EXPECT_EQ(late.next().state, JobState::cancelled);
}

trainer::Progress points(std::int64_t done) {
  return {.stage = {}, .unit = "points", .done = done, .total = 1000};
}

TEST(RateEstimate, isWithinAFifthAfterATwentiethOfTheWork) {
  RateEstimate estimate;
  double clock = 2;  // loading
  for (int done = 0; done <= 50; ++done) {
    estimate.add(points(done), clock);
    if (done < 50) clock += done % 2 == 0 ? 0.05 : 0.15;  // uneven: 0.1 s each on average
  }
  EXPECT_NEAR(estimate.secondsLeft(clock), 95, 0.2 * 95);
  EXPECT_NEAR(estimate.rate(), 10, 0.01 * 10);                                         // the second of two intervals weighs 0.5 % more
  EXPECT_DOUBLE_EQ(estimate.secondsLeft(clock + 5), estimate.secondsLeft(clock) - 5);  // counts down between reports
  EXPECT_EQ(estimate.secondsLeft(clock + 1000), 0);
}

TEST(RateEstimate, isUnknownWithoutTwoReportsOrATotal) {
  RateEstimate estimate;
  EXPECT_EQ(estimate.secondsLeft(1), -1);
  estimate.add(points(500), 1);  // a job that goes on from the middle: these 500 were not done now
  EXPECT_EQ(estimate.rate(), 0);
  EXPECT_EQ(estimate.secondsLeft(1), -1);
  estimate.add(points(510), 2);
  EXPECT_DOUBLE_EQ(estimate.rate(), 10);
  EXPECT_DOUBLE_EQ(estimate.secondsLeft(2), 49);
  estimate.add({.stage = {}, .unit = "points", .done = 520, .total = 0}, 3);
  EXPECT_EQ(estimate.secondsLeft(3), -1);
}

TEST(RateEstimate, startsAnewWithANewUnitOrAFallingCount) {
  RateEstimate estimate;
  estimate.add(points(0), 0);
  estimate.add(points(100), 1);
  estimate.add({.stage = {}, .unit = "products", .done = 1, .total = 11}, 2);
  EXPECT_EQ(estimate.rate(), 0);
  estimate.add({.stage = {}, .unit = "products", .done = 2, .total = 11}, 3);
  EXPECT_DOUBLE_EQ(estimate.rate(), 1);
  estimate.add({.stage = {}, .unit = "products", .done = 0, .total = 11}, 4);
  EXPECT_EQ(estimate.rate(), 0);
}

TEST(RateEstimate, followsALastingChangeOfSpeed) {
  RateEstimate estimate;
  double clock = 0;
  for (int i = 0; i <= 100; ++i) estimate.add(points(i), clock++);                // 1 a second
  for (int i = 105; i <= 105 + 5 * 90; i += 5) estimate.add(points(i), clock++);  // 5 a second, for three times the fading time
  EXPECT_NEAR(estimate.rate(), 5, (5 - 1) * std::exp(-3));                        // what is left of the old speed
}

}  // namespace
}  // namespace ui
