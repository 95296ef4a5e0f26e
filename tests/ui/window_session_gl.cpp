// SPDX-License-Identifier: GPL-3.0-or-later
// The whole way in the real window: three optimizers as one template, linked surfaces, a hundred drags, probe, pin, every data format, saved, closed, opened again.
#include <gtest/gtest.h>

#include <QJsonDocument>
#include <QMouseEvent>
#include <algorithm>
#include <cmath>
#include <random>

#include "analysis/export/export_result.h"
#include "analysis/interchange/read_surface.h"
#include "tests/ui/window_fixture.h"
#include "ui/pages/landscape_page.h"
#include "ui/pages/landscape_views.h"
#include "ui/scenes/surface_view.h"
#include "ui/workspace/run_templates.h"

namespace ui {
namespace {

class SessionGl : public WindowGl {
 protected:
  LandscapePage* page() { return static_cast<LandscapePage*>(window->pages()[2]); }

  void trainThree() {
    trainer::RunSpec base;
    base.data = "digits", base.model = "mlp:64-16-10", base.epochs = 4;
    window->workbench().trainGroup(comparisonPlan(base, 0.1, 0.8, {3}));
    ASSERT_EQ(window->session().runs().size(), 3u);
    ASSERT_TRUE(waitFor([&] { return std::ranges::all_of(window->session().runs(), [](const SessionRun& run) { return run.state == RunState::completed; }); }))
        << window->banner().toStdString();
  }

  void sampleThree() {
    window->showPage(2);
    for (const SessionRun& run : window->session().runs()) {
      analysis::SurfaceSpec plane;
      plane.measure.run = run.folder;
      plane.x = {.kind = "random", .from = -1, .to = 1, .size = 17};
      plane.y = plane.x;
      window->workbench().sampleSurface(plane);
    }
    ASSERT_TRUE(waitFor([&] { return window->jobs().idle() && std::ranges::all_of(window->session().runs(), [](const SessionRun& run) { return run.surface != nullptr; }); }))
        << window->banner().toStdString();
  }

  double largestCameraDifference() {
    double most = 0;
    const OrbitCamera& first = page()->board()->views()->view(0)->camera();
    for (const SurfaceView* view : page()->board()->views()->views()) {
      const OrbitCamera& c = view->camera();
      most = std::max({most, std::abs(c.azimuth - first.azimuth), std::abs(c.elevation - first.elevation), std::abs(c.distance - first.distance)});
      for (std::size_t i = 0; i < 3; ++i) most = std::max(most, std::abs(c.focalPoint[i] - first.focalPoint[i]));
    }
    return most;
  }

  static void drag(SurfaceView* view, QPointF from, QPointF to) {
    const auto send = [&](QEvent::Type type, QPointF at, Qt::MouseButton button, Qt::MouseButtons buttons) {
      QMouseEvent event(type, at, view->mapToGlobal(at), button, buttons, Qt::NoModifier);
      QApplication::sendEvent(view, &event);
    };
    send(QEvent::MouseButtonPress, from, Qt::LeftButton, Qt::LeftButton);
    for (int i = 1; i <= 3; ++i) send(QEvent::MouseMove, from + (to - from) * i / 3, Qt::NoButton, Qt::LeftButton);
    send(QEvent::MouseButtonRelease, to, Qt::LeftButton, Qt::NoButton);
  }
};

TEST_F(SessionGl, threeOptimizersLinkedProbedPinnedExportedSavedAndOpenedAgain) {
  trainThree();
  const std::vector<SessionRun>& runs = window->session().runs();
  for (const SessionRun& run : runs) {
    EXPECT_EQ(run.spec.seed, runs[0].spec.seed);
    EXPECT_FALSE(run.group.isEmpty());
  }
  sampleThree();
  LandscapeViews* views = page()->board()->views();
  ASSERT_EQ(views->count(), 3) << "as many views as runs";
  ASSERT_TRUE(views->linked());
  std::mt19937 random(1);
  for (int i = 0; i < 100; ++i) {
    SurfaceView* view = views->view(static_cast<int>(random() % 3));
    const auto at = [&] { return QPointF(20 + static_cast<double>(random() % 200), 20 + static_cast<double>(random() % 150)); };
    const QPointF from = at();
    drag(view, from, at());
    ASSERT_EQ(largestCameraDifference(), 0) << "after drag " << i + 1;
  }
  picture("session-linked");
  EXPECT_LE(window->width(), 1280) << "nothing makes the window wider than a small screen";

  views->setOrbit(OrbitCamera::top());
  SurfaceView* view = views->view(1);
  page()->board()->setProbe(QPointF(0.5, -0.25));
  for (const SurfaceView* each : views->views()) EXPECT_EQ(each->probe(), QPointF(0.5, -0.25));
  const double height = view->field().interpolate(0.25, 0.25);
  QTest::mouseClick(view, Qt::LeftButton, {}, view->projection().toPixels({0.25, 0.25, height}).toPoint());
  ASSERT_TRUE(waitFor([&] { return page()->explorer()->pins()->pins().size() == 1 && page()->explorer()->pins()->pins()[0].origin == Pin::Origin::computed; }));

  const analysis::SurfaceResult kept = *runs[1].surface;
  for (const std::string ending : {".csv", ".json", ".npy", ".npz", ".vts", ".vtp", ".glb", ".png", ".svg", ".pdf", ".h5"}) {
    const std::filesystem::path file = std::filesystem::path(folder.path().toStdString()) / ("surface" + ending);
    window->workbench().exportResult(kept, file);
    ASSERT_TRUE(waitFor([&] { return std::filesystem::exists(file); })) << file << " " << window->banner().toStdString();
    EXPECT_GT(std::filesystem::file_size(file), 100u);
    if (ending == ".csv" || ending == ".npz" || ending == ".h5") {
      EXPECT_EQ(analysis::readSurfaceFile(file).result.grid.train.loss, kept.grid.train.loss) << ending;
    }
  }

  const std::filesystem::path file = std::filesystem::path(folder.path().toStdString()) / "three.sharpscape";
  window->session().setBaseline(runs[2].folder);
  window->session().select(runs[1].folder);
  const QJsonObject before = page()->state();
  const Pin pin = page()->explorer()->pins()->pins()[0];
  std::vector<QString> names;
  for (const SessionRun& run : runs) names.push_back(run.name);
  window->store().saveAs(file);
  ASSERT_TRUE(waitFor([&] { return std::filesystem::exists(file) && !window->store().modified(); }));
  window->close();
  window = std::make_unique<MainWindow>(theme, folder.path().toStdString());
  window->resize(1280, 800);
  window->show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(window.get()));
  window->store().open(file);
  ASSERT_TRUE(waitFor([&] { return window->session().runs().size() == 3 && !window->store().busy(); })) << window->banner().toStdString();
  ASSERT_TRUE(waitFor([&] { return page()->state() == before; })) << QJsonDocument(before).toJson().toStdString() << QJsonDocument(page()->state()).toJson().toStdString();
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(window->session().runs()[i].name, names[i]);
    ASSERT_NE(window->session().runs()[i].surface, nullptr);
  }
  EXPECT_EQ(window->session().runs()[1].surface->grid.train.loss, kept.grid.train.loss);
  EXPECT_EQ(window->session().baseline()->name, names[2]);
  EXPECT_EQ(window->session().selected()->name, names[1]);
  EXPECT_EQ(window->currentPage(), 2);
  EXPECT_EQ(page()->board()->views()->orbit().elevation, OrbitCamera::top().elevation);
  ASSERT_EQ(page()->explorer()->pins()->pins().size(), 1u);
  EXPECT_EQ(page()->explorer()->pins()->pins()[0].point.trainLoss, pin.point.trainLoss);
  picture("session-again");
}

}  // namespace
}  // namespace ui
