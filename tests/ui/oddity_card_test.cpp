// SPDX-License-Identifier: GPL-3.0-or-later
// The card that says why a surface looks odd, without a screen.
#include <gtest/gtest.h>

#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "ui/pages/oddity_card.h"

namespace ui {
namespace {

using analysis::OddityVerdict;

std::shared_ptr<const analysis::OdditiesResult> result() {
  auto r = std::make_shared<analysis::OdditiesResult>();
  r->spec.surface = "a.json";
  r->oddities.title = "surface 33 x 33 of runs/sam at step 920";
  r->oddities.withRun = true;
  r->oddities.findings = {{.name = "cells", .verdict = OddityVerdict::passed, .sentence = "all cells are finite"},
                          {.name = "axis-angle", .verdict = OddityVerdict::notApplicable, .sentence = "a slice has one axis"},
                          {.name = "spikes", .verdict = OddityVerdict::found, .value = 1, .sentence = "one cell stands far off", .advice = "take a finer grid"}};
  return r;
}

/// Everything that the card says, from top to bottom.
QStringList said(const OddityCard& card) {
  QStringList out;
  for (const QLabel* label : card.findChildren<QLabel*>())
    if (!label->text().isEmpty()) out << label->text();
  return out;
}

TEST(OddityCard, SaysWhatWasFoundFirstWithWhatToDo) {
  Theme theme;
  theme.set(ThemeKind::dark);
  OddityCard card;
  card.setTheme(theme);
  card.setResult(result());
  EXPECT_EQ(card.badge(), QStringLiteral("1 of 2"));
  const QStringList words = said(card);
  const auto at = [&](const char* text) { return words.indexOf(QString::fromUtf8(text)); };
  EXPECT_GE(at("One cell stands far off"), 0) << words.join(QLatin1Char('|')).toStdString();
  EXPECT_LT(at("One cell stands far off"), at("All cells are finite"));
  EXPECT_LT(at("All cells are finite"), at("A slice has one axis"));
  EXPECT_GE(at("Take a finer grid"), 0);
  EXPECT_GE(at("Isolated spikes"), 0);
}

TEST(OddityCard, SaysThatItLooksAndWhyItCouldNot) {
  OddityCard card;
  EXPECT_TRUE(said(card).join(QLatin1Char(' ')).contains(QStringLiteral("evaluated again")));
  EXPECT_FALSE(card.findChild<QToolButton*>(QStringLiteral("copyOddities"))->isEnabled());
  card.setFailure(QStringLiteral("the disk is gone"));
  EXPECT_TRUE(said(card).contains(QStringLiteral("the disk is gone")));
  auto without = std::make_shared<analysis::OdditiesResult>(*result());
  without->oddities.withRun = false;
  without->oddities.without = "the run is gone, so nothing was evaluated again";
  card.setResult(without);
  EXPECT_TRUE(said(card).contains(QStringLiteral("The run is gone, so nothing was evaluated again")));
  QSignalSpy closed(&card, &OddityCard::closeRequested), copied(&card, &OddityCard::copyRequested);
  QTest::mouseClick(card.findChild<QToolButton*>(QStringLiteral("closeOddities")), Qt::LeftButton);
  QTest::mouseClick(card.findChild<QToolButton*>(QStringLiteral("copyOddities")), Qt::LeftButton);
  EXPECT_EQ(closed.count(), 1);
  EXPECT_EQ(copied.count(), 1);
}

}  // namespace
}  // namespace ui
