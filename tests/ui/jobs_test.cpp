// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QCoreApplication>
#include <QThread>
#include <latch>
#include <memory>
#include <vector>

#include "tests/ui/jobs_support.h"
#include "trainer/base/error.h"
#include "ui/jobs/job_model.h"
#include "ui/jobs/job_queue.h"

namespace ui {
namespace {

/// What came to the callback of a job.
struct Endings {
  JobQueue::Finished callback() {
    return [this](const JobInfo& info) {
      EXPECT_EQ(QThread::currentThread(), QCoreApplication::instance()->thread());
      all.push_back(info);
    };
  }
  std::vector<JobInfo> all;
};

/// Runs a last job of the lane to its end: whatever the queue still had to tell about earlier ones has come by then.
void drain(JobQueue& queue, Lane lane = Lane::analysis) {
  bool over = false;
  queue.add(spec("last", lane), nothing, [&](const JobInfo&) { over = true; });
  ASSERT_TRUE(waitUntil([&] { return over; }));
}

TEST(JobQueue, tellsTheEndOnceFromTheEventLoop) {
  Endings endings;
  JobQueue queue;
  const auto id = queue.add(spec("a"), nothing, endings.callback());
  EXPECT_TRUE(endings.all.empty());
  ASSERT_TRUE(waitUntil([&] { return !endings.all.empty(); }));
  drain(queue);
  ASSERT_EQ(endings.all.size(), 1U);
  EXPECT_EQ(endings.all[0].id, id);
  EXPECT_EQ(endings.all[0].state, JobState::done);
  EXPECT_TRUE(queue.idle());
}

TEST(JobQueue, aFailureKeepsItsMessage) {
  Endings endings;
  JobQueue queue;
  queue.add(
      spec("a"), [](const trainer::Context&) { throw trainer::DataError("'model.safetensors' is truncated"); }, endings.callback());
  drain(queue);
  ASSERT_EQ(endings.all.size(), 1U);
  EXPECT_EQ(endings.all[0].state, JobState::failed);
  EXPECT_EQ(endings.all[0].message, QStringLiteral("'model.safetensors' is truncated"));
}

TEST(JobQueue, cancellingAQueuedJobEndsItAtOnceWithoutRunningIt) {
  Gate gate;
  Endings endings;
  bool ran = false;
  JobQueue queue;
  queue.add(spec("first"), gate.work());
  gate.begun.acquire();
  const auto id = queue.add(
      spec("second"), [&](const trainer::Context&) { ran = true; }, endings.callback());
  EXPECT_EQ(queue.queued() + queue.running(), 2);
  queue.cancel(id);
  EXPECT_EQ(queue.job(id)->state, JobState::cancelled);
  EXPECT_TRUE(endings.all.empty());  // never from inside cancel()
  queue.cancel(id);
  gate.mayEnd.release();
  drain(queue);
  ASSERT_EQ(endings.all.size(), 1U);
  EXPECT_EQ(endings.all[0].state, JobState::cancelled);
  EXPECT_FALSE(ran);
}

TEST(JobQueue, cancellingARunningJobStopsItsWork) {
  Gate gate;
  Endings endings;
  JobQueue queue;
  const auto id = queue.add(spec("a"), gate.work(), endings.callback());
  gate.begun.acquire();
  queue.cancel(id);
  drain(queue);
  ASSERT_EQ(endings.all.size(), 1U);
  EXPECT_EQ(endings.all[0].state, JobState::cancelled);
}

TEST(JobQueue, aNormalReturnAfterAStopCountsAsCancelled) {
  Endings endings;
  std::latch begun(1), mayReturn(1);
  JobQueue queue;
  const auto id = queue.add(
      spec("a"),
      [&](const trainer::Context&) {
        begun.count_down();
        mayReturn.wait();
      },
      endings.callback());
  begun.wait();
  queue.cancel(id);
  EXPECT_TRUE(queue.job(id)->stopping);
  mayReturn.count_down();
  drain(queue);
  ASSERT_EQ(endings.all.size(), 1U);
  EXPECT_EQ(endings.all[0].state, JobState::cancelled);
}

TEST(JobQueue, aPausedJobStandsStillGoesOnAndCanBeCancelled) {
  for (const bool resume : {true, false}) {
    Endings endings;
    std::binary_semaphore begun(0), mayLook(0);
    std::atomic<bool> passed = false;
    JobQueue queue;
    const auto id = queue.add(
        spec("a"),
        [&](const trainer::Context& context) {
          begun.release();
          mayLook.acquire();
          context.checkpoint();
          passed = true;
        },
        endings.callback());
    begun.acquire();
    queue.setPaused(id, true);
    EXPECT_EQ(queue.job(id)->state, JobState::paused);
    mayLook.release();
    // A whole job of another lane later it still has not passed.
    drain(queue, Lane::interactive);
    EXPECT_FALSE(passed);
    EXPECT_EQ(queue.job(id)->state, JobState::paused);
    resume ? queue.setPaused(id, false) : queue.cancel(id);
    drain(queue);
    ASSERT_EQ(endings.all.size(), 1U);
    EXPECT_EQ(endings.all[0].state, resume ? JobState::done : JobState::cancelled);
    EXPECT_EQ(passed, resume);
  }
}

TEST(JobQueue, lanesRunAtTheSameTimeAndEachInOrder) {
  std::latch all(3);  // nobody gets past it alone
  std::vector<int> order;
  JobQueue queue;
  for (const Lane lane : {Lane::training, Lane::analysis, Lane::interactive}) {
    queue.add(spec("meet", lane), [&](const trainer::Context&) { all.arrive_and_wait(); });
  }
  for (int i = 0; i < 5; ++i) queue.add(spec("next"), [&order, i](const trainer::Context&) { order.push_back(i); });
  EXPECT_TRUE(waitUntil([&] { return queue.idle(); }));
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
  EXPECT_EQ(queue.count(JobState::done), 8);
}

TEST(JobQueue, destructionStopsWaitsAndTellsNobody) {
  Gate gate;
  Endings endings;
  int signalsAfter = 0;
  auto ranLater = std::make_shared<bool>(false);
  {
    JobQueue queue;
    const auto paused = queue.add(spec("paused", Lane::training), gate.work(), endings.callback());
    queue.add(spec("running"), gate.work(), endings.callback());
    gate.begun.acquire();
    gate.begun.acquire();
    queue.setPaused(paused, true);
    queue.add(
        spec("queued"), [ranLater](const trainer::Context&) { *ranLater = true; }, endings.callback());
    QObject::connect(&queue, &JobQueue::changed, [&] { ++signalsAfter; });
    QObject::connect(&queue, &JobQueue::stateChanged, [&] { ++signalsAfter; });
  }
  JobQueue other;
  drain(other);  // the event loop has turned
  EXPECT_TRUE(endings.all.empty());
  EXPECT_EQ(signalsAfter, 0);
  EXPECT_FALSE(*ranLater);
  EXPECT_EQ(ranLater.use_count(), 1);  // and what it captured is gone
}

TEST(JobQueue, shutDownWaitsAndStillTellsTheEnds) {
  Gate gate;
  Endings endings;
  JobQueue queue;
  queue.add(spec("running"), gate.work(), endings.callback());
  gate.begun.acquire();
  queue.add(spec("queued"), nothing, endings.callback());
  queue.shutDown();
  queue.shutDown();
  EXPECT_TRUE(queue.idle());
  EXPECT_TRUE(endings.all.empty());
  queue.add(spec("late"), nothing, endings.callback());
  ASSERT_TRUE(waitUntil([&] { return endings.all.size() == 3; }));
  for (const JobInfo& info : endings.all) EXPECT_EQ(info.state, JobState::cancelled);
}

TEST(JobQueue, cancelAllEndsEveryJob) {
  Gate gate;
  Endings endings;
  JobQueue queue;
  for (const Lane lane : {Lane::training, Lane::analysis, Lane::analysis}) queue.add(spec("a", lane), gate.work(), endings.callback());
  gate.begun.acquire();
  gate.begun.acquire();
  queue.cancelAll();
  ASSERT_TRUE(waitUntil([&] { return endings.all.size() == 3; }));
  EXPECT_EQ(queue.count(JobState::cancelled), 3);
}

TEST(JobQueue, aCallbackMayAddRemoveAndDestroy) {
  auto queue = std::make_unique<JobQueue>();
  bool second = false;
  queue->add(spec("first"), nothing, [&](const JobInfo& info) {
    queue->remove(info.id);
    queue->add(spec("second"), nothing, [&](const JobInfo&) {
      second = true;
      queue.reset();
    });
  });
  EXPECT_TRUE(waitUntil([&] { return second; }));
  EXPECT_EQ(queue, nullptr);
}

TEST(JobQueue, removesOnlyWhatIsOver) {
  Gate gate;
  JobQueue queue;
  const auto id = queue.add(spec("a"), gate.work());
  gate.begun.acquire();
  queue.remove(id);
  EXPECT_TRUE(queue.job(id).has_value());
  gate.mayEnd.release();
  ASSERT_TRUE(waitUntil([&] { return queue.idle(); }));
  queue.remove(id);
  EXPECT_FALSE(queue.job(id).has_value());
}

QString text(const JobModel& model, int row, int column) {
  return model.index(row, column).data().toString();
}

TEST(JobModel, listsTheBegunThenTheWaitingThenTheLatestEnded) {
  Gate a, b, training;
  JobQueue queue;
  JobModel model(queue);
  const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
  const auto titles = [&] {
    QStringList out;
    for (int row = 0; row < model.rowCount(); ++row) out.append(text(model, row, JobModel::job));
    return out.join(QLatin1Char(' '));
  };
  queue.add(spec("a"), a.work());
  queue.add(spec("b"), b.work());
  const auto c = queue.add(spec("c"), nothing);
  queue.add(spec("t", Lane::training), training.work());
  ASSERT_TRUE(waitUntil([&] { return queue.running() == 2; }));
  EXPECT_EQ(titles(), QStringLiteral("a t b c"));
  const QPersistentModelIndex followed = model.index(0, JobModel::job);
  a.mayEnd.release();
  ASSERT_TRUE(waitUntil([&] { return queue.count(JobState::done) == 1 && queue.running() == 2; }));
  EXPECT_EQ(titles(), QStringLiteral("b t c a"));
  EXPECT_EQ(followed.row(), 3);
  queue.cancel(c);
  EXPECT_EQ(titles(), QStringLiteral("b t c a"));
  training.mayEnd.release();
  ASSERT_TRUE(waitUntil([&] { return queue.count(JobState::done) == 2; }));
  EXPECT_EQ(titles(), QStringLiteral("b t c a"));
  queue.remove(c);
  EXPECT_EQ(titles(), QStringLiteral("b t a"));
  EXPECT_EQ(JobModel(queue).rowCount(), 3);  // one that comes later shows the same
  queue.cancelAll();
  EXPECT_TRUE(waitUntil([&] { return queue.idle(); }));
}

TEST(JobModel, progressReachesIt) {
  std::binary_semaphore mayEnd(0);
  JobQueue queue;
  JobModel model(queue);
  const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
  queue.add(spec("Surface"), [&](const trainer::Context& context) {
    context.report({.stage = "33 x 33", .unit = "points", .done = 0, .total = 4225});
    context.report({.stage = "refining 33 to 65", .unit = "points", .done = 2871, .total = 4225});
    mayEnd.acquire();
  });
  ASSERT_TRUE(waitUntil([&] { return text(model, 0, JobModel::done) == QStringLiteral("2,871 / 4,225"); }));
  EXPECT_EQ(text(model, 0, JobModel::stage), QStringLiteral("refining 33 to 65"));
  EXPECT_TRUE(text(model, 0, JobModel::rate).endsWith(QStringLiteral(" points/s")));
  EXPECT_FALSE(text(model, 0, JobModel::left).isEmpty());
  EXPECT_DOUBLE_EQ(model.index(0, JobModel::progress).data(JobModel::percentRole).toDouble(), 100.0 * 2871 / 4225);
  EXPECT_EQ(model.index(0, JobModel::progress).data(Qt::AccessibleTextRole).toString(), QStringLiteral("67 %"));
  mayEnd.release();
  ASSERT_TRUE(waitUntil([&] { return queue.idle(); }));
  EXPECT_EQ(text(model, 0, JobModel::stage), QStringLiteral("done"));
  EXPECT_TRUE(text(model, 0, JobModel::left).isEmpty());
  EXPECT_EQ(model.index(0, JobModel::progress).data(JobModel::percentRole).toDouble(), 100);
}

TEST(JobModel, showsNamesIconsAndWhyAJobFailed) {
  JobQueue queue;
  JobModel model(queue);
  QPixmap swatch(28, 16);
  swatch.fill(Qt::red);
  model.setRunLabel(
      [&](const QString& run) { return std::pair(run == QStringLiteral("runs/sam") ? QStringLiteral("SAM") : QString(), QIcon(swatch)); });
  std::vector<JobState> asked;
  model.setIcons([&](JobState state) {
    asked.push_back(state);
    return QIcon(swatch);
  });
  queue.add(spec("a"), [](const trainer::Context&) { throw std::runtime_error("out of memory"); });
  EXPECT_EQ(text(model, 0, JobModel::stage), QStringLiteral("queued"));
  EXPECT_TRUE(text(model, 0, JobModel::elapsed).isEmpty());
  ASSERT_TRUE(waitUntil([&] { return queue.idle(); }));
  EXPECT_EQ(text(model, 0, JobModel::run), QStringLiteral("SAM"));
  EXPECT_FALSE(model.index(0, JobModel::run).data(Qt::DecorationRole).value<QIcon>().isNull());
  EXPECT_FALSE(model.index(0, JobModel::state).data(Qt::DecorationRole).value<QIcon>().isNull());
  EXPECT_EQ(asked.back(), JobState::failed);
  EXPECT_EQ(text(model, 0, JobModel::stage), QStringLiteral("out of memory"));
  EXPECT_EQ(model.index(0, JobModel::job).data(Qt::ToolTipRole).toString(), QStringLiteral("out of memory"));
}

TEST(JobModel, writesTimesAndRates) {
  EXPECT_EQ(durationText(23.4), QStringLiteral("0:23"));
  EXPECT_EQ(durationText(59.6), QStringLiteral("1:00"));
  EXPECT_EQ(durationText(3723), QStringLiteral("1:02:03"));
  EXPECT_EQ(durationText(-1), QString());
  EXPECT_EQ(rateText(127.4, "points"), QStringLiteral("127 points/s"));
  EXPECT_EQ(rateText(12345, "steps"), QStringLiteral("12,345 steps/s"));
  EXPECT_EQ(rateText(9.97, "steps"), QStringLiteral("10 steps/s"));
  EXPECT_EQ(rateText(2.44, "products"), QStringLiteral("2.4 products/s"));
  EXPECT_EQ(rateText(0.031, "steps"), QStringLiteral("0.031 steps/s"));
  EXPECT_EQ(rateText(0, "steps"), QString());
  EXPECT_EQ(doneText({.stage = {}, .unit = {}, .done = 12345, .total = 0}), QStringLiteral("12,345"));
  EXPECT_EQ(doneText({}), QString());
}

}  // namespace
}  // namespace ui
