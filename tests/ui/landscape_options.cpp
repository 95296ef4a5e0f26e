// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_options.h"

#include <gtest/gtest.h>

#include <QComboBox>
#include <QPushButton>
#include <QSignalSpy>

#include "ui/pages/curvature_options.h"

#include <QSpinBox>

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

TEST(CurvatureOptions, countsGoIntoTheSpecAndNothingIsRefused) {
  CurvatureOptions form;
  form.setRun("runs/a");
  auto* top = form.findChild<QSpinBox*>(QStringLiteral("top"));
  auto* bottom = form.findChild<QSpinBox*>(QStringLiteral("bottom"));
  auto* measure = form.findChild<QPushButton*>(QStringLiteral("measureSpectrum"));
  EXPECT_TRUE(measure->isEnabled());
  top->setValue(7);
  EXPECT_EQ(form.spec("runs/a").top, 7);
  EXPECT_FALSE(form.spec("runs/a").residual.has_value());
  top->setValue(0);
  bottom->setValue(0);
  EXPECT_FALSE(measure->isEnabled());
  EXPECT_FALSE(form.problem().isEmpty());
}

}  // namespace
}  // namespace ui
