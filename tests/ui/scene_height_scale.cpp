// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/height_scale.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/ui/scene_fields.h"

namespace ui {
namespace {

TEST(HeightScale, lossIsTheInverseOfFraction) {
  for (const HeightScale& scale : {HeightScale{ScaleKind::linear, 0, 4, 0}, HeightScale{ScaleKind::log, 0.01, 4, 0},
                                   HeightScale{ScaleKind::logAboveMinimum, 0.011, 4, 0.01}}) {
    EXPECT_NEAR(scale.fraction(scale.from), 0, 1e-12);
    EXPECT_NEAR(scale.fraction(scale.to), 1, 1e-12);
    for (const double t : {0.0, 0.1, 0.5, 0.9, 1.0}) EXPECT_NEAR(scale.fraction(scale.loss(t)), t, 1e-12);
  }
}

TEST(HeightScale, contourLevelsAreEvenStepsOfTheFraction) {
  const HeightScale scale{ScaleKind::log, 0.01, 100, 0};
  const auto levels = scale.contourLevels(3);  // 10^-1, 10^0, 10^1
  ASSERT_EQ(levels.size(), 3U);
  EXPECT_NEAR(levels[0], 0.1, 1e-12);
  EXPECT_NEAR(levels[1], 1, 1e-12);
  EXPECT_NEAR(levels[2], 10, 1e-11);
}

TEST(HeightScale, logRefusesAndLogAboveMinimumGoesToTheLowerEnd) {
  EXPECT_TRUE(std::isnan((HeightScale{ScaleKind::log, 0.01, 4, 0}.fraction(0))));
  EXPECT_TRUE(std::isnan((HeightScale{ScaleKind::log, 0.01, 4, 0}.fraction(-1))));
  EXPECT_EQ((HeightScale{ScaleKind::logAboveMinimum, 0.011, 4, 0.01}.fraction(0.01)), -std::numeric_limits<double>::infinity());
}

TEST(SharedScale, holdsEveryValueOfAllSurfaces) {
  const SurfaceSnapshot low = bowl(9), high = sampled(9, [](double x, double y) { return 3 * (x * x + y * y); });
  const HeightScale scale = sharedScale(ScaleKind::linear, {low, high});
  EXPECT_EQ(scale.from, 0);
  EXPECT_EQ(scale.to, 6);
  EXPECT_EQ(sharedScale(ScaleKind::linear, {low}).to, 2);
  const HeightScale log = sharedScale(ScaleKind::log, {low, high});
  EXPECT_DOUBLE_EQ(log.from, 0.0625);  // the smallest positive loss
  EXPECT_EQ(log.to, 6);
}

TEST(SharedScale, aConstantOrEmptySurfaceStillHasARange) {
  const SurfaceSnapshot flat = sampled(5, [](double, double) { return 0.3; });
  for (const ScaleKind kind : {ScaleKind::linear, ScaleKind::log, ScaleKind::logAboveMinimum}) {
    for (const auto& surfaces : {std::vector<SurfaceSnapshot>{flat}, std::vector<SurfaceSnapshot>{}}) {
      const HeightScale scale = sharedScale(kind, surfaces);
      EXPECT_GT(scale.to, scale.from);
      EXPECT_TRUE(std::isfinite(scale.fraction(0.5 * (scale.from + scale.to))));
    }
  }
}

TEST(SharedScale, divergedAndMissingPointsDoNotCount) {
  const SurfaceSnapshot surface = bowl(9, [](analysis::SurfaceGrid& grid) {
    grid.train.loss[0] = std::numeric_limits<double>::infinity();
    grid.train.loss[8] = 1e9;
    grid.computed[8] = 0;
  });
  EXPECT_EQ(sharedScale(ScaleKind::linear, {surface}).to, 2);
}

TEST(NumberText, hasSignificantDigitsAndARealMinus) {
  EXPECT_EQ(numberText(0.00311249, 3), "0.00311");
  EXPECT_EQ(numberText(-1.5, 3), "\u22121.5");
  EXPECT_EQ(numberText(-0.0, 3), "0");
  EXPECT_EQ(numberText(1e-7, 3), "1e\u221207");
  EXPECT_EQ(numberText(std::numeric_limits<double>::infinity(), 3), "diverged");
}

}  // namespace
}  // namespace ui
