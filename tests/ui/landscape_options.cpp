// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_options.h"

#include <gtest/gtest.h>

#include <QComboBox>
#include <QPushButton>
#include <QSignalSpy>

namespace ui {
namespace {

TEST(LandscapeOptions, startsWithTheDefaultsOfTheSpec) {
  const LandscapeOptions form;
  analysis::SurfaceSpec expected;
  expected.measure.run = "runs/a";
  expected.y = analysis::AxisSpec{};
  EXPECT_EQ(form.spec("runs/a"), expected);
}

TEST(LandscapeOptions, eigenvectorsAndSlicesGoIntoSpecAndCommand) {
  LandscapeOptions form;
  form.setRun("runs/a", 1442, 355);
  form.findChild<QComboBox*>(QStringLiteral("xKind"))->setCurrentIndex(1);
  EXPECT_EQ(form.spec("runs/a").x.kind, "eigen:1");
  EXPECT_TRUE(form.command().contains(QStringLiteral("surface"))) << form.command().toStdString();
  EXPECT_TRUE(form.command().contains(QStringLiteral("eigen:1")));
  form.findChild<QComboBox*>(QStringLiteral("yKind"))->setCurrentIndex(2);
  EXPECT_FALSE(form.spec("runs/a").y.has_value());
  EXPECT_TRUE(form.command().contains(QStringLiteral("slice")));
}

TEST(LandscapeOptions, computeNeedsARun) {
  LandscapeOptions form;
  auto* compute = form.findChild<QPushButton*>(QStringLiteral("computeSurface"));
  EXPECT_FALSE(compute->isEnabled());
  form.setRun("runs/a", 1442, 355);
  EXPECT_TRUE(compute->isEnabled());
  QSignalSpy asked(&form, &LandscapeOptions::computeRequested);
  compute->click();
  EXPECT_EQ(asked.count(), 1);
}

}  // namespace
}  // namespace ui
