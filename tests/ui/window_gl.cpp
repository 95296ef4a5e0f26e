// SPDX-License-Identifier: GPL-3.0-or-later
// The real window, driven from training to a surface. With SHARPSCAPE_SCREENSHOTS set to a folder it leaves a picture of every page in both themes there.
#include <gtest/gtest.h>

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTabBar>
#include <QTest>
#include <QToolButton>
#include <algorithm>

#include "tests/ui/window_fixture.h"
#include "ui/charts/curves_chart.h"
#include "ui/charts/eigenvalue_chart.h"
#include "ui/pages/adjust_panel.h"
#include "ui/pages/curvature_model.h"
#include "ui/pages/curvature_page.h"
#include "ui/pages/landscape_page.h"
#include "ui/pages/landscape_views.h"
#include "ui/scenes/height_probe.h"
#include "ui/scenes/surface_view.h"

namespace ui {
namespace {

TEST_F(WindowGl, fromTheFormToASurface) {
  const std::string run = trainTiny();
  const Session& session = window->session();
  ASSERT_TRUE(waitFor([&] { return session.find(run)->state == RunState::completed; })) << window->banner().toStdString();
  auto* train = static_cast<TrainPage*>(window->pages()[0]);
  EXPECT_TRUE(waitFor([&] { return train->board()->lossChart()->curves().size() == 1 && train->board()->lossChart()->curves()[0].points.size() == 69; }));
  EXPECT_EQ(train->board()->table()->rowCount(), 1);
  picture("train");

  window->showPage(1);
  auto* curvature = static_cast<CurvaturePage*>(window->pages()[1]);
  auto* measure = curvature->options()->findChild<QPushButton*>(QStringLiteral("measureSpectrum"));
  ASSERT_NE(measure, nullptr);
  QTest::mouseClick(measure, Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return session.find(run)->spectrum != nullptr; })) << window->banner().toStdString();
  EXPECT_GT(curvature->board()->table()->rowCount(), 0);
  EXPECT_NE(curvature->board()->exportable(), nullptr);
  picture("curvature");

  window->showPage(2);
  auto* landscape = static_cast<LandscapePage*>(window->pages()[2]);
  QTest::mouseClick(landscape->options()->findChild<QPushButton*>(QStringLiteral("computeSurface")), Qt::LeftButton);
  bool refined = false;  // seen before it was finished
  ASSERT_TRUE(waitFor([&] {
    refined = refined || bool(session.find(run)->partialSurface);
    return session.find(run)->surface != nullptr;
  })) << window->banner().toStdString();
  EXPECT_TRUE(refined);
  EXPECT_EQ(landscape->board()->view()->field().x.size(), 33u);
  EXPECT_FALSE(landscape->board()->view()->labels().empty());
  EXPECT_EQ(landscape->board()->views()->count(), 1) << "as many views as runs";
  picture("landscape");
  for (const ThemeKind kind : {ThemeKind::light, ThemeKind::paper, ThemeKind::dark}) {
    theme.set(kind);
    EXPECT_EQ(landscape->board()->view()->grabFramebuffer().pixelColor(2, 2).rgb(), tokens(kind).scene.rgb());
  }
}

TEST_F(WindowGl, aSurfaceOfFewEvaluationsSaysSo) {
  const std::string run = trainTiny();
  const Session& session = window->session();
  ASSERT_TRUE(waitFor([&] { return session.find(run)->state == RunState::completed; })) << window->banner().toStdString();
  window->showPage(2);
  auto* landscape = static_cast<LandscapePage*>(window->pages()[2]);
  auto* points = landscape->options()->findChild<QComboBox*>(QStringLiteral("tolerance"));
  points->setCurrentIndex(points->findData(QStringLiteral("0.01")));
  QTest::mouseClick(landscape->options()->findChild<QPushButton*>(QStringLiteral("computeSurface")), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return session.find(run)->surface != nullptr; })) << window->banner().toStdString();
  const analysis::SurfaceGrid& grid = session.find(run)->surface->grid;
  ASSERT_TRUE(grid.promise.has_value());
  EXPECT_LT(grid.evaluations, 33 * 33);
  EXPECT_EQ(grid.promise->exceeded, 0);
  const QString badge = QStringLiteral("33 \u00D7 33, %1 evaluated").arg(grid.evaluations);
  ASSERT_TRUE(waitFor([&] { return std::ranges::any_of(landscape->board()->findChildren<QLabel*>(), [&](const QLabel* label) { return label->text() == badge && label->isVisible(); }); }));
  for (const bool computed : {true, false}) {
    const auto i = static_cast<std::size_t>(std::ranges::find(computed ? grid.computed : grid.interpolated, 1) - (computed ? grid.computed : grid.interpolated).begin());
    const auto reading = readSurface({.grid = {session.find(run)->surface, &grid}}, grid.x[i % 33], grid.y[i / 33]);
    ASSERT_TRUE(reading.has_value());
    EXPECT_EQ(reading->computed, computed);
  }
  picture("landscape_tolerance");
}

/// A run beside others: trained here, with a curvature that was not.
std::string trainOne(MainWindow& window, trainer::RunSpec spec, double lambda) {
  spec.data = "digits";
  spec.model = "mlp:64-16-10";
  const std::string folder = window.workbench().train(spec);
  EXPECT_TRUE(QTest::qWaitFor([&] { return window.session().find(folder)->state == RunState::completed; }, kLongest));
  window.session().update(folder, [lambda](SessionRun& run) {
    for (const trainer::EvaluationRecord& e : run.record.evaluations) {
      const double t = static_cast<double>(e.step) / static_cast<double>(run.record.steps);
      run.record.curvature.push_back({.step = e.step, .lambdaMax = lambda * (1 - 0.7 * t * (1 - t)), .residual = t == 0 ? 0.2 * lambda : 0.005 * lambda, .products = 9, .samples = 512, .seconds = 0.01});
    }
  });
  return folder;
}

TEST_F(WindowGl, theTrainPageHasRoomForASession) {
  trainer::RunSpec plain;
  plain.epochs = 12;
  trainer::RunSpec descent = plain, penalty = plain, live = plain;
  descent.batchSize = 1442, descent.momentum = 0, descent.warmupSteps = 0, descent.schedule = "constant", descent.epochs = 200, descent.learningRate = 0.2;
  penalty.optimizer = "adamw", penalty.sharpness = "penalty";
  trainOne(*window, plain, 30);
  trainOne(*window, descent, 8);
  const std::string second = trainOne(*window, penalty, 9);
  window->session().update(second, [](SessionRun& run) {
    run.record.events.push_back({.step = 100, .name = "learning_rate", .value = 0.0005});
    for (trainer::EvaluationRecord e : run.record.evaluations) {
      e.testAccuracy = std::min(1.0, e.testAccuracy + 0.01);
      run.record.emaEvaluations.push_back(e);
    }
    for (trainer::EvaluationRecord& e : run.record.evaluations) e.validationAccuracy = 0.98 * e.testAccuracy, e.validationLoss = 1.1 * e.testLoss;
  });
  live.sharpness = "sam", live.epochs = 4000;
  auto* page = static_cast<TrainPage*>(window->pages()[0]);
  live.data = "digits";
  live.model = "mlp:64-16-10";
  page->options()->setSpec(live);
  QTest::mouseClick(page->board()->findChild<QToolButton*>(QStringLiteral("startTraining")), Qt::LeftButton);
  const std::string run = window->session().runs().back().folder;
  ASSERT_TRUE(waitFor([&] { return window->session().find(run)->record.steps > 300; }));
  EXPECT_EQ(page->board()->curvatureChart()->limits().size(), 1u);
  EXPECT_EQ(page->board()->lossChart()->events().size(), 1u);
  for (const QSize size : {QSize(1280, 800), QSize(1440, 900)}) {
    window->resize(size);
    for (const ThemeKind kind : {ThemeKind::light, ThemeKind::dark}) {
      theme.set(kind);
      QTest::qWait(300);  // for the picture alone
      picture(qPrintable(QStringLiteral("train-%1-%2").arg(size.width()).arg(kind == ThemeKind::dark ? QStringLiteral("dark") : QStringLiteral("light"))));
      const QWidget* tools = page->board()->toolBar();
      for (const QToolButton* button : tools->findChildren<QToolButton*>())
        if (button->isVisible() && button->window() == tools->window()) {
          EXPECT_TRUE(tools->rect().contains(button->geometry())) << button->text().toStdString();
        }
    }
  }
  page->options()->unfold(true);
  auto* scroll = page->options()->findChild<QScrollArea*>();
  scroll->verticalScrollBar()->setValue(scroll->verticalScrollBar()->maximum());
  QTest::mouseClick(page->board()->findChild<QToolButton*>(QStringLiteral("adjustTraining")), Qt::LeftButton);
  EXPECT_TRUE(waitFor([&] { return page->board()->toolBar()->adjustPanel()->isVisible(); }));
  picture("train-form-and-adjust");
  page->board()->toolBar()->adjustPanel()->hide();
  auto* pause = page->board()->findChild<QToolButton*>(QStringLiteral("pauseTraining"));
  QTest::mouseClick(pause, Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return pause->text() == QStringLiteral("Continue"); }));
  QTest::mouseClick(pause, Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return pause->text() == QStringLiteral("Pause"); }));
  QTest::mouseClick(page->board()->findChild<QToolButton*>(QStringLiteral("stopTraining")), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return window->session().find(run)->state == RunState::stopped; }));
  EXPECT_TRUE(waitFor([&] { return page->board()->findChild<QToolButton*>(QStringLiteral("resumeTraining"))->isVisible(); }));
}

TEST_F(WindowGl, closingInTheMiddleOfTrainingAndSamplingIsClean) {
  const std::string run = trainTiny();
  ASSERT_TRUE(waitFor([&] { return window->session().find(run)->state == RunState::completed; }));
  window->workbench().startExample();
  analysis::SurfaceSpec surface;
  surface.measure.run = run;
  surface.x.size = 65;
  surface.y = surface.x;
  window->workbench().sampleSurface(surface);
  ASSERT_TRUE(waitFor([&] { return window->jobs().running() == 2; }));
  window->close();
  EXPECT_TRUE(window->jobs().idle());
  window.reset();
}

TEST_F(WindowGl, askingForTrainingWithAnInvalidFormStartsNothing) {
  auto* page = static_cast<TrainPage*>(window->pages()[0]);
  trainer::RunSpec spec = page->options()->spec();
  spec.model = "alexnet";
  page->options()->setSpec(spec);
  ASSERT_FALSE(page->options()->problem().isEmpty());
  emit page->options()->trainRequested();  // what the menu does
  EXPECT_TRUE(window->session().runs().empty());
  EXPECT_TRUE(window->jobs().idle());
}

TEST_F(WindowGl, aFailureIsABannerAndNoBox) {
  window->workbench().openRun("/proc/nowhere");
  ASSERT_TRUE(waitFor([&] { return !window->banner().isEmpty(); }));
  EXPECT_TRUE(window->banner().contains(QStringLiteral("/proc/nowhere"))) << window->banner().toStdString();
  EXPECT_EQ(QApplication::activeModalWidget(), nullptr);
}

}  // namespace
}  // namespace ui
