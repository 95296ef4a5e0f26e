// SPDX-License-Identifier: GPL-3.0-or-later
// "Why does my surface look odd?" in the real window: the button, the job, the card, in each theme.
#include <gtest/gtest.h>

#include <QClipboard>
#include <QToolButton>
#include <algorithm>

#include "tests/ui/window_fixture.h"
#include "ui/pages/landscape_page.h"
#include "ui/pages/oddity_card.h"

namespace ui {
namespace {

class OdditiesGl : public WindowGl {};

TEST_F(OdditiesGl, LooksAtTheActiveSurfaceAndListsWhatItFound) {
  const std::string run = trainTiny();
  ASSERT_TRUE(waitFor([&] { return window->session().find(run)->state == RunState::completed && window->jobs().idle(); })) << window->banner().toStdString();
  window->showPage(2);
  QWidget* board = window->pages()[2]->board();
  auto* button = board->findChild<QToolButton*>(QStringLiteral("whyOdd"));
  auto* card = board->findChild<OddityCard*>();
  ASSERT_TRUE(button != nullptr && card != nullptr);
  EXPECT_FALSE(button->isEnabled());  // there is no surface yet
  EXPECT_TRUE(card->isHidden());
  analysis::SurfaceSpec spec;
  spec.measure.run = run;
  spec.x = {.from = -30, .to = 30, .size = 9};
  spec.y = spec.x;
  window->workbench().sampleSurface(spec);
  ASSERT_TRUE(waitFor([&] { return window->jobs().idle() && button->isEnabled(); })) << window->banner().toStdString();
  QTest::mouseClick(button, Qt::LeftButton);
  EXPECT_TRUE(card->isVisible());
  ASSERT_TRUE(waitFor([&] { return card->result() != nullptr; })) << window->banner().toStdString();
  const analysis::Oddities& o = card->result()->oddities;
  EXPECT_TRUE(o.withRun) << o.without;
  const auto range = std::ranges::find(o.findings, std::string("range"), &analysis::Finding::name);
  ASSERT_NE(range, o.findings.end());
  EXPECT_EQ(range->verdict, analysis::OddityVerdict::found) << range->sentence;
  EXPECT_NE(range->advice.find("too wide"), std::string::npos) << range->advice;
  QTest::mouseClick(card->findChild<QToolButton*>(QStringLiteral("copyOddities")), Qt::LeftButton);
  EXPECT_TRUE(QApplication::clipboard()->text().startsWith(QStringLiteral("sharpscape check "))) << QApplication::clipboard()->text().toStdString();
  EXPECT_TRUE(QApplication::clipboard()->text().contains(QStringLiteral("analyses/surface")));
  for (const auto& [kind, name] : {std::pair(ThemeKind::dark, "oddities-dark"), std::pair(ThemeKind::light, "oddities-light"), std::pair(ThemeKind::paper, "oddities-paper")}) {
    theme.set(kind);
    picture(name);
  }
  QTest::mouseClick(card->findChild<QToolButton*>(QStringLiteral("closeOddities")), Qt::LeftButton);
  EXPECT_TRUE(card->isHidden());
}

}  // namespace
}  // namespace ui
