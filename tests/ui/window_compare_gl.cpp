// SPDX-License-Identifier: GPL-3.0-or-later
// The Compare page in the real window: tiny runs, their table, measures, surfaces.
#include <gtest/gtest.h>

#include <QComboBox>
#include <QDockWidget>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include "tests/ui/window_fixture.h"
#include "ui/pages/compare_page.h"
#include "ui/scenes/surface_view.h"

namespace ui {
namespace {

class CompareGl : public WindowGl {
 protected:
  void train(std::vector<trainer::RunSpec> specs) {
    for (trainer::RunSpec& spec : specs) {
      spec.data = "digits";
      spec.model = "mlp:64-8-10";
      spec.epochs = 3;
      spec.curvatureEvery = 1;
      runs.push_back(window->workbench().train(trainer::resolve(spec, nullptr)));
    }
    for (const std::string& run : runs) ASSERT_TRUE(waitFor([&] { return window->session().find(run)->state == RunState::completed; })) << window->banner().toStdString();
    window->resize(1440, 900);
    page = static_cast<ComparePage*>(window->pages()[3]);
    window->showPage(3);
  }

  void everyLook(const char* name) {
    for (const auto& [kind, word] : {std::pair(ThemeKind::light, "light"), std::pair(ThemeKind::dark, "dark"), std::pair(ThemeKind::paper, "paper")}) {
      theme.set(kind);
      for (const QSize& size : {QSize(1280, 800), QSize(1440, 900), QSize(2560, 1440)}) {
        if (size.width() > window->screen()->size().width()) continue;
        window->resize(size);
        QTest::qWait(400);  // for the picture alone
        picture(qPrintable(QStringLiteral("%1-%2-%3").arg(QLatin1String(name), QLatin1String(word)).arg(size.width())));
      }
    }
  }

  std::vector<std::string> runs;
  ComparePage* page = nullptr;
};

std::vector<trainer::RunSpec> threeMethods() {
  trainer::RunSpec sam, penalty;
  sam.sharpness = "sam";
  penalty.sharpness = "penalty";
  return {{}, sam, penalty};
}

TEST_F(CompareGl, threeRunsAreMeasuredAndDrawn) {
  train(threeMethods());
  page->refresh();
  EXPECT_EQ(window->findChild<QDockWidget*>(QStringLiteral("optionsDock"))->isVisible(), false);
  EXPECT_EQ(window->findChild<QDockWidget*>(QStringLiteral("jobsDock"))->isVisible(), false);
  const CompareModel& table = *page->board()->table()->model();
  ASSERT_GT(table.rowCount(), 5);
  EXPECT_EQ(table.columnCount(), 3 + 1 + 3 + 3);
  everyLook("compare-fresh");
  QTest::mouseClick(page->board()->table()->measureButton(), Qt::LeftButton);
  ASSERT_TRUE(page->jobs()->running());
  ASSERT_TRUE(waitFor([&] { return !page->jobs()->running(); }));
  EXPECT_EQ(window->banner(), QString());
  QTest::mouseClick(page->board()->findChild<QToolButton*>(QStringLiteral("computeSurfaces")), Qt::LeftButton);
  for (const std::string& run : runs) ASSERT_TRUE(waitFor([&] { return window->session().find(run)->surface != nullptr; })) << window->banner().toStdString();
  page->refresh();
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NE(page->board()->surfacesView()->view(i), nullptr) << i;
  EXPECT_EQ(page->board()->fairness()->lines().empty(), false);
  EXPECT_FALSE(page->board()->ratios()->chart()->groups().empty());
  everyLook("compare");
  page->board()->setLower(CompareBoard::curves);
  everyLook("compare-curves");
  window->showPage(0);
  EXPECT_TRUE(window->findChild<QDockWidget*>(QStringLiteral("optionsDock"))->isVisible());
  EXPECT_TRUE(window->findChild<QDockWidget*>(QStringLiteral("jobsDock"))->isVisible());
}

}  // namespace
}  // namespace ui
