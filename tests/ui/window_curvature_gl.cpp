// SPDX-License-Identifier: GPL-3.0-or-later
// The Curvature page and the axes of a surface in the real window: every measure from its form through its job to what is seen.
#include <gtest/gtest.h>

#include <QCheckBox>
#include <QComboBox>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

#include "tests/ui/window_fixture.h"
#include "ui/pages/curvature_model.h"
#include "ui/pages/curvature_page.h"
#include "ui/pages/invariance_view.h"
#include "ui/pages/landscape_page.h"
#include "ui/pages/sharpness_view.h"
#include "ui/pages/spectrum_view.h"

namespace ui {
namespace {

class CurvatureGl : public WindowGl {
 protected:
  /// Trains as many tiny runs as there are specs and shows the Curvature page.
  void trainRuns(std::vector<trainer::RunSpec> specs) {
    for (trainer::RunSpec& spec : specs) {
      spec.data = "digits";
      spec.model = "mlp:64-8-10";
      spec.epochs = 3;
      runs.push_back(window->workbench().train(spec));
      ASSERT_TRUE(waitFor([&] { return window->session().find(runs.back())->state == RunState::completed; })) << window->banner().toStdString();
    }
    window->resize(1440, 900);
    window->showPage(1);
    page = static_cast<CurvaturePage*>(window->pages()[1]);
  }

  /// Presses All runs of the form and waits until every run has what `has` asks for.
  void measureAll(const QWidget& form, const std::function<bool(const SessionRun&)>& has) {
    for (QPushButton* button : form.findChildren<QPushButton*>())
      if (button->text() == QStringLiteral("All runs")) QTest::mouseClick(button, Qt::LeftButton);
    ASSERT_TRUE(waitFor([&] {
      for (const std::string& run : runs)
        if (!has(*window->session().find(run))) return !window->banner().isEmpty();
      return true;
    }));
    EXPECT_EQ(window->banner(), QString());
  }

  void bothThemes(const char* name) {
    for (const ThemeKind kind : {ThemeKind::light, ThemeKind::dark}) {
      theme.set(kind);
      QTest::qWait(300);  // for the picture alone
      picture(qPrintable(QStringLiteral("%1-%2").arg(QString::fromLatin1(name), kind == ThemeKind::dark ? QStringLiteral("dark") : QStringLiteral("light"))));
    }
  }

  std::vector<std::string> runs;
  CurvaturePage* page = nullptr;
};

std::vector<trainer::RunSpec> plainAndSam() {
  trainer::RunSpec sam;
  sam.sharpness = "sam";
  return {{}, sam};
}

TEST_F(CurvatureGl, theWholeSpectrumOfTwoRuns) {
  trainRuns(plainAndSam());
  SpectrumForm& form = *page->options()->spectrum();
  for (const char* box : {"density", "dimension", "layers", "overN", "verify"}) form.findChild<QCheckBox*>(QString::fromLatin1(box))->setChecked(true);
  form.findChild<QSpinBox*>(QStringLiteral("steps"))->setValue(12);
  form.findChild<QComboBox*>(QStringLiteral("trace"))->setCurrentIndex(1);
  measureAll(form, [](const SessionRun& run) { return run.parts.density && run.parts.trace && run.parts.layers && run.parts.extrapolation && run.parts.verification; });
  SpectrumView& view = *page->board()->spectrum();
  EXPECT_EQ(view.traces()->rowCount(), 2);
  EXPECT_EQ(view.pairs()->model()->rowCount(), 7);
  EXPECT_TRUE(view.layers()->isVisible());
  QTest::mouseClick(view.checks()->findChild<QToolButton*>(QStringLiteral("checkRun")), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return window->session().find(runs[0])->check != nullptr; })) << window->banner().toStdString();
  EXPECT_GT(view.checks()->model()->rowCount(), 4);
  bothThemes("curvature-spectrum");
  for (QAbstractButton* button : view.density()->findChildren<QAbstractButton*>())
    if (button->text() == QStringLiteral("over N")) button->click();
  bothThemes("curvature-over-n");
}

TEST_F(CurvatureGl, sharpnessOverRho) {
  trainRuns(plainAndSam());
  page->board()->setView(CurvatureBoard::sharpnessView);
  EXPECT_EQ(page->options()->currentWidget(), page->options()->sharpness());
  picture("curvature-sharpness-empty");
  page->options()->sharpness()->findChild<QCheckBox*>(QStringLiteral("flatness"))->setChecked(true);
  measureAll(*page->options()->sharpness(), [](const SessionRun& run) { return run.sharpness != nullptr; });
  SharpnessView& view = *page->board()->sharpness();
  EXPECT_EQ(view.curve()->count(), 6) << "three kinds, plain and adaptive";
  EXPECT_EQ(view.figures()->rowCount(), 2);
  view.curve()->setCurrentText(QStringLiteral("average"));
  bothThemes("curvature-sharpness");
}

TEST_F(CurvatureGl, theInvarianceLab) {
  trainRuns({{}});
  page->board()->setView(CurvatureBoard::invarianceView);
  measureAll(*page->options()->invariance(), [](const SessionRun& run) { return run.invariance != nullptr; });
  InvarianceView& view = *page->board()->invariance();
  EXPECT_GT(view.matrix()->rowCount(), 5);
  EXPECT_TRUE(view.verified().startsWith(QStringLiteral("outputs unchanged"))) << view.verified().toStdString();
  bothThemes("curvature-invariance");
}

TEST_F(CurvatureGl, axesAreKnownBeforeTheyAreComputed) {
  trainRuns(plainAndSam());
  window->showPage(2);
  auto* landscape = static_cast<LandscapePage*>(window->pages()[2]);
  const auto choose = [&](const char* field, const char* kind) {
    auto* box = landscape->options()->findChild<QComboBox*>(QString::fromLatin1(field));
    box->setCurrentIndex(box->findData(QString::fromLatin1(kind)));
  };
  choose("xKind", "toward");
  choose("yKind", "pca");
  landscape->options()->findChild<QSpinBox*>(QStringLiteral("yIndex"))->setValue(1);
  const QList<AxisPicker*> axes = landscape->options()->findChildren<AxisPicker*>();
  ASSERT_TRUE(waitFor([&] { return axes[1]->hint().contains(QStringLiteral("explains")); })) << landscape->options()->problem().toStdString();
  EXPECT_TRUE(axes[0]->hint().contains(QStringLiteral("\u2016d\u2016"))) << axes[0]->hint().toStdString();
  EXPECT_TRUE(waitFor([&] { return window->jobs().jobs().size() == 2; })) << "previews leave the list: two trainings are left";
  QTest::mouseClick(landscape->options()->findChild<QPushButton*>(QStringLiteral("computeSurface")), Qt::LeftButton);
  ASSERT_TRUE(waitFor([&] { return window->session().find(runs[0])->surface != nullptr; })) << window->banner().toStdString();
  bothThemes("landscape-axes");
}

}  // namespace
}  // namespace ui
