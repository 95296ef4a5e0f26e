// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/jobs_panel.h"

#include <gtest/gtest.h>

#include <QApplication>

#include <QAction>
#include <QHelpEvent>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QToolTip>

#include "tests/ui/jobs_support.h"
#include "ui/jobs/job_queue.h"

namespace ui {
namespace {

/// A panel with one job that runs and one that waits behind it.
class JobsPanelTest : public testing::Test {
 protected:
  void SetUp() override {
    panel.resize(1100, 128);
    panel.show();
    running = queue.add(spec("Surface v1 x PCA 1"), gate.work());
    waiting = queue.add(spec("Spectral density"), nothing);
    ASSERT_TRUE(waitUntil([&] { return queue.running() == 1; }));
  }

  void select(std::int64_t id) { panel.table()->setCurrentIndex(panel.model().index(panel.model().rowOf(id), JobModel::job)); }
  void press(Qt::Key key) { QTest::keyClick(panel.table(), key); }
  QModelIndex buttonsOf(std::int64_t id) { return panel.model().index(panel.model().rowOf(id), JobModel::buttons); }
  QPoint centreOf(JobButtonsDelegate::Button button, std::int64_t id) {
    return JobButtonsDelegate::place(panel.table()->visualRect(buttonsOf(id)), button).center();
  }
  void click(JobButtonsDelegate::Button button, std::int64_t id) {
    QTest::mouseClick(panel.table()->viewport(), Qt::LeftButton, {}, centreOf(button, id));
  }
  JobState stateOf(std::int64_t id) { return queue.job(id)->state; }
  bool ends(std::int64_t id) {
    return waitUntil([&] { return isOver(stateOf(id)); });
  }

  Gate gate;
  JobQueue queue;
  JobsPanel panel{queue};
  std::int64_t running = 0, waiting = 0;
};

TEST_F(JobsPanelTest, theTitleCounts) {
  const QSignalSpy titles(&panel, &JobsPanel::titleChanged);
  EXPECT_EQ(panel.title(), QStringLiteral("Jobs  1 running \u00B7 1 queued"));
  queue.setPaused(running, true);
  EXPECT_EQ(panel.title(), QStringLiteral("Jobs  1 paused \u00B7 1 queued"));
  queue.cancel(waiting);
  queue.setPaused(running, false);
  EXPECT_EQ(panel.title(), QStringLiteral("Jobs  1 running \u00B7 1 cancelled"));
  EXPECT_EQ(titles.last().at(0).toString(), panel.title());
  gate.mayEnd.release();
  ASSERT_TRUE(ends(running));
  panel.clearAction()->trigger();
  EXPECT_EQ(panel.title(), QStringLiteral("Jobs"));
}

TEST_F(JobsPanelTest, spacePausesAndResumes) {
  select(running);
  press(Qt::Key_Space);
  EXPECT_EQ(stateOf(running), JobState::paused);
  EXPECT_TRUE(panel.pauseAction()->text().startsWith(QStringLiteral("Resume")));
  press(Qt::Key_Space);
  EXPECT_EQ(stateOf(running), JobState::running);
  EXPECT_EQ(panel.pauseAction()->toolTip(), QStringLiteral("Pause (Space)"));
}

TEST_F(JobsPanelTest, deleteCancelsAndThenRemoves) {
  select(running);
  press(Qt::Key_Delete);
  ASSERT_TRUE(ends(running));
  EXPECT_EQ(stateOf(running), JobState::cancelled);
  EXPECT_EQ(panel.selected(), running);  // the row has moved, the selection with it
  EXPECT_FALSE(panel.pauseAction()->isEnabled());
  press(Qt::Key_Delete);
  EXPECT_FALSE(queue.job(running).has_value());
}

TEST_F(JobsPanelTest, aKeyHeldDownActsOnce) {
  select(waiting);
  QKeyEvent repeated(QEvent::KeyPress, Qt::Key_Delete, Qt::NoModifier, QString(), true);
  QCoreApplication::sendEvent(panel.table(), &repeated);
  EXPECT_EQ(stateOf(waiting), JobState::queued);
}

TEST_F(JobsPanelTest, keysComeBeforeShortcutsOfTheWindow) {
  for (const int key : {Qt::Key_Space, Qt::Key_Delete, Qt::Key_Return, Qt::Key_F5}) {
    select(running);
    QKeyEvent override(QEvent::ShortcutOverride, key, Qt::NoModifier);
    override.ignore();
    QCoreApplication::sendEvent(panel.table(), &override);
    EXPECT_EQ(override.isAccepted(), key != Qt::Key_F5);
  }
}

TEST_F(JobsPanelTest, keysWithoutASelectedRowDoNothing) {
  panel.table()->setCurrentIndex({});
  press(Qt::Key_Delete);
  EXPECT_EQ(stateOf(running), JobState::running);
  EXPECT_FALSE(panel.cancelAction()->isEnabled());
}

TEST_F(JobsPanelTest, rowButtonsDoWhatTheKeysDo) {
  click(JobButtonsDelegate::pause, running);
  EXPECT_EQ(stateOf(running), JobState::paused);
  click(JobButtonsDelegate::pause, running);
  EXPECT_EQ(stateOf(running), JobState::running);
  click(JobButtonsDelegate::cancel, waiting);
  EXPECT_EQ(stateOf(waiting), JobState::cancelled);
  click(JobButtonsDelegate::pause, waiting);  // not there any more
  EXPECT_EQ(stateOf(waiting), JobState::cancelled);
  click(JobButtonsDelegate::cancel, waiting);
  EXPECT_FALSE(queue.job(waiting).has_value());
}

TEST_F(JobsPanelTest, rowButtonsHaveToolTips) {
  const auto tip = [&](JobButtonsDelegate::Button button) {
    const QPoint at = centreOf(button, running);
    QHelpEvent help(QEvent::ToolTip, at, panel.table()->viewport()->mapToGlobal(at));
    QCoreApplication::sendEvent(panel.table()->viewport(), &help);
    return QToolTip::text();
  };
  EXPECT_EQ(tip(JobButtonsDelegate::pause), QStringLiteral("Pause (Space)"));
  EXPECT_EQ(tip(JobButtonsDelegate::cancel), QStringLiteral("Cancel, keep what is done (Delete)"));
  queue.setPaused(running, true);
  EXPECT_EQ(tip(JobButtonsDelegate::pause), QStringLiteral("Resume (Space)"));
}

TEST_F(JobsPanelTest, aClickOrReturnActivates) {
  const QSignalSpy activated(&panel, &JobsPanel::activated);
  const QModelIndex title = panel.model().index(panel.model().rowOf(waiting), JobModel::job);
  QTest::mouseClick(panel.table()->viewport(), Qt::LeftButton, {}, panel.table()->visualRect(title).center());
  ASSERT_EQ(activated.count(), 1);
  EXPECT_EQ(activated.last().at(0).toLongLong(), waiting);
  select(running);
  press(Qt::Key_Return);
  ASSERT_EQ(activated.count(), 2);
  EXPECT_EQ(activated.last().at(0).toLongLong(), running);
  click(JobButtonsDelegate::pause, running);
  EXPECT_EQ(activated.count(), 2);
}

TEST_F(JobsPanelTest, progressIsDrawnInTheAccentColourAsFarAsItHasCome) {
  queue.cancelAll();
  ASSERT_TRUE(ends(running));
  qApp->setStyleSheet(QString());  // a theme that another test has left would decide the colours
  Gate half;
  JobQueue halves;  // before half is gone
  JobsPanel drawn(halves);
  QPalette palette = drawn.palette();
  palette.setColor(QPalette::Link, Qt::red);
  palette.setColor(QPalette::Midlight, Qt::blue);
  drawn.setPalette(palette);
  drawn.resize(1100, 128);
  drawn.show();
  halves.add(spec("half"), [&](const trainer::Context& context) {
    context.report({.stage = {}, .unit = "points", .done = 50, .total = 100});
    half.work()(context);
  });
  const QModelIndex index = drawn.model().index(0, JobModel::progress);
  ASSERT_TRUE(waitUntil([&] { return index.data(JobModel::percentRole).toDouble() == 50; }));
  const QRect cell = drawn.table()->visualRect(index);
  const QImage image = drawn.table()->viewport()->grab(cell).toImage();
  const auto at = [&](double part) { return image.pixelColor(static_cast<int>(part * image.width()), image.height() / 2); };
  EXPECT_EQ(at(0.25), QColor(Qt::red));
  EXPECT_EQ(at(0.75), QColor(Qt::blue));
}

TEST_F(JobsPanelTest, columnsGrowToTheirFigures) {
  Gate hold;
  JobQueue large;
  JobsPanel wide(large);
  wide.resize(1100, 128);
  wide.show();
  const int before = wide.table()->columnWidth(JobModel::done);
  large.add(spec("large"), [&](const trainer::Context& context) {
    context.report({.stage = {}, .unit = "points", .done = 1234567, .total = 123456789});
    hold.work()(context);
  });
  ASSERT_TRUE(waitUntil([&] { return wide.table()->columnWidth(JobModel::done) > before; }));
  EXPECT_GE(wide.table()->columnWidth(JobModel::done), wide.fontMetrics().horizontalAdvance(QStringLiteral("1,234,567 / 123,456,789")));
}

}  // namespace
}  // namespace ui
