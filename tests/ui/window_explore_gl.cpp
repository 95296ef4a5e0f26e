// SPDX-License-Identifier: GPL-3.0-or-later
// What one does with a surface, in the real window: path, scrubber, pins, walk, SAM step, model; stop and continue. With SHARPSCAPE_SCREENSHOTS it leaves pictures.
#include <gtest/gtest.h>

#include <QMouseEvent>
#include <QPushButton>
#include <QTableView>
#include <QToolButton>

#include "tests/ui/window_fixture.h"
#include "ui/charts/curves_chart.h"
#include "ui/pages/landscape_page.h"
#include "ui/pages/landscape_views.h"
#include "ui/pages/pin_card.h"
#include "ui/scenes/surface_view.h"

namespace ui {
namespace {

class ExploreGl : public WindowGl {
 protected:
  LandscapePage* page() { return static_cast<LandscapePage*>(window->pages()[2]); }
  const SessionRun* run() { return window->session().find(folder_); }
  void prepare(const std::string& x, const std::string& y) {
    trainer::RunSpec spec;
    spec.data = "digits", spec.model = "mlp:64-16-10", spec.epochs = 12, spec.checkpointEvery = 1, spec.sharpness = "sam", spec.rho = 0.1, spec.curvatureEvery = 40;
    folder_ = window->workbench().train(trainer::resolve(spec, nullptr));
    ASSERT_TRUE(waitFor([&] { return run()->state == RunState::completed; })) << window->banner().toStdString();
    window->showPage(2);
    analysis::SurfaceSpec plane;
    plane.measure.run = folder_;
    plane.x = {.kind = x, .from = -2, .to = 2, .size = 33};
    plane.y = plane.x;
    plane.y->kind = y;
    window->workbench().sampleSurface(plane);
    ASSERT_TRUE(waitFor([&] { return run()->surface != nullptr && window->jobs().idle(); })) << window->banner().toStdString();
  }
  std::string folder_;
};

TEST_F(ExploreGl, aPathIsOfferedComputedAndScrubbed) {
  prepare("pca:1", "pca:2");
  LandscapeExplorer* explorer = page()->explorer();
  const std::vector<double> before = run()->surface->grid.train.loss;
  auto* offer = explorer->row()->findChild<QPushButton*>(QStringLiteral("computePath"));
  ASSERT_TRUE(offer->isVisible());
  QTest::mouseClick(offer, Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return !run()->surface->grid.trajectory.empty() && window->jobs().idle(); })) << window->banner().toStdString();
  EXPECT_EQ(run()->surface->grid.train.loss, before) << "no point was computed again";
  SurfaceView* view = page()->board()->view();
  ASSERT_EQ(view->traces().paths.size(), 1u);
  const std::size_t all = view->traces().paths[0].balls.size();
  EXPECT_GE(all, 5u);
  EXPECT_EQ(view->traces().paths[0].stems.size(), all);
  picture("explore-path");
  explorer->row()->slider()->setValue(explorer->row()->slider()->maximum() - 3);
  EXPECT_EQ(view->traces().paths[0].later.size(), 3u);
  ASSERT_TRUE(window->session().cursor().has_value());
  auto* train = static_cast<TrainPage*>(window->pages()[0]);
  EXPECT_TRUE(waitFor([&] { return !train->board()->curvatureChart()->events().empty(); })) << "the charts of the Train page mark the same step";
  window->resize(1440, 900);
  picture("explore-scrubbed");
  theme.set(ThemeKind::light);
  picture("explore-scrubbed-light");
}

TEST_F(ExploreGl, clicksArePinnedAndComputedAndWalksAreRecorded) {
  prepare("eigen:1", "eigen:2");
  LandscapeExplorer* explorer = page()->explorer();
  SurfaceView* view = page()->board()->view();
  const double height = view->field().interpolate(0.25, 0.25);
  QTest::mouseClick(view, Qt::LeftButton, {}, view->projection().toPixels({0.25, 0.25, height}).toPoint());
  ASSERT_EQ(explorer->pins()->pins().size(), 1u) << "the click is answered at once";
  EXPECT_TRUE(std::isfinite(explorer->pins()->pins()[0].point.trainLoss));
  EXPECT_EQ(explorer->pins()->pins()[0].origin, Pin::Origin::interpolated);
  ASSERT_TRUE(waitFor([&] { return explorer->pins()->pins()[0].origin != Pin::Origin::interpolated; }));
  const Pin pin = explorer->pins()->pins()[0];
  EXPECT_EQ(pin.origin, Pin::Origin::computed) << pin.failure.toStdString();
  EXPECT_EQ(pin.point.samples, 1442);
  EXPECT_GT(pin.point.gradientNorm, 0);
  ASSERT_TRUE(waitFor([&] { return view->traces().pins.size() == 1; }));
  view->setFocus();
  for (int i = 0; i < 6; ++i) {
    QTest::keyClick(view, i % 2 == 0 ? Qt::Key_Right : Qt::Key_Up);
    ASSERT_TRUE(waitFor([&] { return static_cast<int>(explorer->walk().points.size()) > i; }));
  }
  EXPECT_EQ(explorer->walk().samples, 500);
  EXPECT_TRUE(waitFor([&] { return !view->traces().walk.empty(); }));
  explorer->bar()->findChild<QToolButton*>(QStringLiteral("showModel"))->click();
  EXPECT_FALSE(view->traces().model.empty()) << "both axes are eigenvectors";
  explorer->bar()->findChild<QToolButton*>(QStringLiteral("showSamStep"))->click();
  ASSERT_TRUE(waitFor([&] { return run()->surface->grid.samStep.has_value() && window->jobs().idle(); })) << window->banner().toStdString();
  EXPECT_EQ(run()->surface->grid.samStep->rho, 0.1) << "the run's";
  ASSERT_TRUE(waitFor([&] { return view->traces().arrows.size() == 3; }));
  EXPECT_EQ(view->traces().pins.size(), 1u) << "the plane is the same";
  EXPECT_FALSE(view->traces().walk.empty());
  window->resize(1440, 900);
  picture("explore-pins-sam-model");
  const QJsonObject state = page()->state();
  page()->restoreState(state);
  EXPECT_EQ(explorer->pins()->pins().size(), 1u);
  EXPECT_EQ(explorer->pins()->pins()[0].point.trainLoss, pin.point.trainLoss);
  EXPECT_EQ(page()->state()["explore"], state["explore"]);
}

TEST_F(ExploreGl, aStoppedSurfaceIsContinued) {
  prepare("random", "random");
  analysis::SurfaceSpec large = run()->surface->spec;
  large.x.size = large.y->size = 65;
  window->workbench().sampleSurface(large);
  ASSERT_TRUE(waitFor([&] { return run()->partialSurface && run()->partialSurface.grid->columns() == 65; }));
  auto* stop = page()->explorer()->bar()->findChild<QToolButton*>(QStringLiteral("cancelSurface"));
  ASSERT_TRUE(stop->isVisible());
  stop->click();
  ASSERT_TRUE(waitFor([&] { return window->jobs().idle() && run()->surface->grid.stopped; }));
  const std::int64_t there = run()->surface->grid.evaluations;
  ASSERT_LT(there, 65 * 65);
  auto* more = page()->explorer()->bar()->findChild<QToolButton*>(QStringLiteral("continueSurface"));
  ASSERT_TRUE(waitFor([&] { return more->isVisible(); }));
  more->click();
  ASSERT_TRUE(waitFor([&] { return !run()->surface->grid.stopped && window->jobs().idle(); })) << window->banner().toStdString();
  EXPECT_EQ(run()->surface->grid.evaluations, 65 * 65);
}

}  // namespace
}  // namespace ui
