// SPDX-License-Identifier: GPL-3.0-or-later
// Several views of the Landscape page with real OpenGL. With SHARPSCAPE_SCREENSHOTS set to a folder it leaves pictures of every layout and theme there.
#include <gtest/gtest.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <random>

#include "tests/ui/scene_fields.h"
#include "ui/pages/landscape_board.h"
#include "ui/pages/landscape_card.h"
#include "ui/pages/landscape_difference.h"
#include "ui/pages/landscape_map.h"
#include "ui/pages/landscape_probe_model.h"
#include "ui/pages/landscape_tool_bar.h"
#include "ui/pages/landscape_views.h"
#include "ui/scenes/surface_view.h"

namespace ui {
namespace {

class LandscapeViewsGl : public testing::Test {
 protected:
  void SetUp() override {
    if (QApplication::platformName() == QLatin1String("offscreen")) GTEST_SKIP() << "the offscreen platform has no OpenGL: run under xvfb-run";
    board.resize(1000, 720);
    std::vector<BoardRun> runs;
    for (int i = 0; i < 4; ++i) runs.push_back({.folder = "run" + std::to_string(i), .name = QStringLiteral("run %1").arg(i), .swatch = {}, .look = {}, .measurable = true, .waiting = {}, .curvature = {}});
    board.setRuns(runs);
    for (int i = 0; i < 4; ++i) board.setSurface(runs[static_cast<std::size_t>(i)].folder, sampled(33, [i](double x, double y) { return 0.1 + (1 + 0.3 * i) * x * x + (1.5 - 0.2 * i) * y * y; }));
    board.refresh();
    board.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&board));
  }

  static void drag(SurfaceView* view, QPointF from, QPointF to, Qt::KeyboardModifiers keys = {}) {
    const auto send = [&](QEvent::Type type, QPointF at, Qt::MouseButton button, Qt::MouseButtons buttons) {
      QMouseEvent event(type, at, view->mapToGlobal(at), button, buttons, keys);
      QApplication::sendEvent(view, &event);
    };
    send(QEvent::MouseButtonPress, from, Qt::LeftButton, Qt::LeftButton);
    for (int i = 1; i <= 4; ++i) send(QEvent::MouseMove, from + (to - from) * i / 4, Qt::NoButton, Qt::LeftButton);
    send(QEvent::MouseButtonRelease, to, Qt::LeftButton, Qt::NoButton);
  }

  /// Of angles, distance and focal point.
  double largestDifference() const {
    double most = 0;
    const OrbitCamera& first = board.views()->view(0)->camera();
    for (const SurfaceView* view : board.views()->views()) {
      const OrbitCamera& c = view->camera();
      most = std::max({most, std::abs(c.azimuth - first.azimuth), std::abs(c.elevation - first.elevation), std::abs(c.distance - first.distance)});
      for (std::size_t i = 0; i < 3; ++i) most = std::max(most, std::abs(c.focalPoint[i] - first.focalPoint[i]));
    }
    return most;
  }

  LandscapeBoard board;
};

TEST_F(LandscapeViewsGl, afterAHundredDragsTheLinkedCamerasDoNotDiffer) {
  ASSERT_EQ(board.views()->count(), 4);
  std::mt19937 random(3);
  std::uniform_real_distribution<double> place(10, 150);
  const OrbitCamera before = board.views()->view(0)->camera();
  for (int i = 0; i < 100; ++i) {
    drag(board.views()->view(static_cast<int>(random() % 4)), {place(random), place(random)}, {place(random), place(random)});
    ASSERT_EQ(largestDifference(), 0) << i;
  }
  EXPECT_NE(board.views()->view(3)->camera(), before);
  // No feedback: what has come to rest draws no further frame.
  QTest::qWait(300);
  std::vector<qint64> frames;
  for (const SurfaceView* view : board.views()->views()) frames.push_back(view->framesDrawn());
  QTest::qWait(200);
  for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(board.views()->views()[i]->framesDrawn(), frames[i]);
}

TEST_F(LandscapeViewsGl, unlinkedViewsTurnAloneAndComeBackTogether) {
  board.views()->setLinked(false);
  const OrbitCamera before = board.views()->view(1)->camera();
  drag(board.views()->view(0), {20, 20}, {80, 60});
  EXPECT_EQ(board.views()->view(1)->camera(), before);
  EXPECT_NE(board.views()->view(0)->camera(), before);
  board.views()->setActive(0);
  QApplication::setActiveWindow(&board);
  QTest::keyClick(&board, Qt::Key_L);
  EXPECT_TRUE(QTest::qWaitFor([&] { return board.views()->linked(); }, 2000)) << "a button's key clicks it a moment later";
  EXPECT_EQ(largestDifference(), 0);
  EXPECT_NE(board.views()->view(1)->camera(), before);
}

TEST_F(LandscapeViewsGl, theCrossHairIsTheSamePointInEveryPicture) {
  board.putProbe(QPointF(0.25, -0.5));
  for (const SurfaceView* view : board.views()->views()) EXPECT_EQ(view->probe(), QPointF(0.25, -0.5));
  EXPECT_EQ(board.probeModel()->rowCount(), 4);
  const SurfaceView* view = board.views()->view(2);
  QSignalSpy dragged(view, &SurfaceView::probeDragged);
  drag(board.views()->view(2), QPointF(view->width() / 2.0, view->height() / 2.0), QPointF(view->width() / 2.0 + 12, view->height() / 2.0 + 8), Qt::ShiftModifier);
  ASSERT_FALSE(dragged.isEmpty());
  EXPECT_EQ(board.views()->view(0)->probe(), dragged.last().at(0).toPointF());
  board.setProbe(QPointF(0, 0));
  board.setProbe(std::nullopt);
  EXPECT_EQ(board.views()->view(0)->probe(), dragged.last().at(0).toPointF()) << "back to where it was put";
}

TEST_F(LandscapeViewsGl, theMapDragsZoomsAndPins) {
  MapChart* map = board.map()->chart();
  QSignalSpy pinned(&board, &LandscapeBoard::pinned);
  const QPoint at = map->toPixels({0.5, 0.25}).toPoint();
  QTest::mouseClick(map->viewport(), Qt::LeftButton, {}, at);
  ASSERT_EQ(pinned.count(), 1);
  EXPECT_NEAR(pinned[0].at(1).toPointF().x(), 0.5, 0.02);
  EXPECT_NEAR(board.probe()->y(), 0.25, 0.02);
  const QPointF data = map->toData(at);
  QWheelEvent wheel(at, map->viewport()->mapToGlobal(QPointF(at)), {}, {0, 360}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
  QApplication::sendEvent(map->viewport(), &wheel);
  EXPECT_LT(map->zoom().width(), 1.5);
  EXPECT_NEAR(map->toData(at).x(), data.x(), 0.02) << "the point under the pointer stays";
}

TEST_F(LandscapeViewsGl, aDoubleClickGivesAViewTheRoomAndTakesItBack) {
  const int small = board.views()->view(1)->width();
  QTest::mouseDClick(board.views()->view(1), Qt::LeftButton);
  QTest::qWait(50);
  EXPECT_GT(board.views()->view(1)->width(), 1.7 * small);
  EXPECT_FALSE(board.views()->card(0)->isVisible());
  QTest::mouseDClick(board.views()->view(1), Qt::LeftButton);
  QTest::qWait(50);
  EXPECT_TRUE(board.views()->card(0)->isVisible());
  EXPECT_FALSE(board.views()->view(1)->grabFramebuffer().isNull());
}

TEST_F(LandscapeViewsGl, theStateComesBackAsItWas) {
  board.views()->setCount(3);
  board.views()->setActive(2);
  board.views()->setLinked(false);
  board.views()->view(1)->setCamera({.azimuth = 10, .elevation = 33, .distance = 6.5, .parallel = true});
  board.putProbe(QPointF(0.125, 0.5));
  board.showDifference(true);
  board.map()->chart()->setZoom({-0.5, -0.25, 1, 0.75});
  const QJsonObject before = board.state();
  LandscapeBoard other;
  other.restoreState(before);
  other.setRuns(board.runs());
  for (const BoardRun& run : board.runs()) other.setSurface(run.folder, board.model().find(run.folder)->surface);
  other.refresh();
  other.map()->chart()->setZoom(board.map()->chart()->zoom());
  const auto text = [](const QJsonObject& json) { return QJsonDocument(json).toJson().toStdString(); };
  EXPECT_EQ(text(other.state()), text(before));
  EXPECT_EQ(other.views()->view(1)->camera(), board.views()->view(1)->camera());
  EXPECT_EQ(other.probe(), board.probe());
}

TEST_F(LandscapeViewsGl, hiddenRunsLeaveTheViewsAndNoViewIsEmptyWhileARunIsFree) {
  std::vector<BoardRun> runs = board.runs();
  runs.erase(runs.begin() + 1);
  board.setRuns(runs);
  EXPECT_EQ(board.views()->count(), 3);
  std::vector<std::string> shown;
  for (const ViewChoice& view : board.model().views) shown.push_back(view.folder);
  std::ranges::sort(shown);
  EXPECT_EQ(shown, (std::vector<std::string>{"run0", "run2", "run3"}));
}

}  // namespace
}  // namespace ui
