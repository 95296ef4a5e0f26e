// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "analysis/figure/figure.h"
#include "tests/ui/scene_fields.h"
#include "ui/scenes/surface_mesh.h"

namespace ui {
namespace {

TEST(SurfaceMesh, heightsFollowTheScaleAndFillTheBox) {
  const SurfaceSnapshot surface = bowl(9);
  const HeightField field = heightField(surface, {.kind = ScaleKind::linear, .from = 0, .to = 2});
  ASSERT_EQ(field.columns(), 9);
  ASSERT_EQ(field.rows(), 9);
  EXPECT_DOUBLE_EQ(field.at(4, 4), 0);
  EXPECT_DOUBLE_EQ(field.at(0, 0), kBoxHeight);            // loss 2 at the corner
  EXPECT_DOUBLE_EQ(field.at(4, 8), 0.5 * kBoxHeight);      // loss 1 at the middle of an edge
  EXPECT_DOUBLE_EQ(field.x.front(), -1);
  EXPECT_DOUBLE_EQ(field.x.back(), 1);
}

TEST(SurfaceMesh, everyCellIsTwoTrianglesAndNormalsAreUnit) {
  const SurfaceMesh mesh = surfaceMesh(heightField(bowl(9), {.from = 0, .to = 2}));
  EXPECT_EQ(mesh.points.size(), 9U * 9 * 3);
  EXPECT_EQ(mesh.colours.size(), 9U * 9 * 4);
  EXPECT_EQ(mesh.triangles.size(), 8U * 8 * 2 * 3);
  for (std::size_t i = 0; i < mesh.normals.size(); i += 3) {
    const double length = std::hypot(mesh.normals[i], mesh.normals[i + 1], mesh.normals[i + 2]);
    EXPECT_NEAR(length, 1, 1e-6);  // three floats rounded to 6e-8 each
  }
  EXPECT_FLOAT_EQ(mesh.normals[3 * 40 + 2], 1);  // flat at the middle of a symmetric bowl
}

TEST(SurfaceMesh, coloursAreViridisTimesTheBakedLight) {
  const SurfaceMesh mesh = surfaceMesh(heightField(bowl(9), {.from = 0, .to = 2}));
  // At the flat middle n = (0, 0, 1): shade = 0.42 + 0.66 (0.82 * 4.2 / |l1| + 0.28 * 2 / |l2|).
  const double shade = 0.42 + 0.66 * (0.82 * 4.2 / std::hypot(2.5, 1.2, 4.2) + 0.28 * 2 / std::hypot(2.4, 3, 2));
  const analysis::Colour low = analysis::viridis(0);
  EXPECT_NEAR(mesh.colours[4 * 40 + 0], std::round(255 * shade * low.r), 1);
  EXPECT_NEAR(mesh.colours[4 * 40 + 2], std::round(255 * shade * low.b), 1);
  EXPECT_EQ(mesh.colours[4 * 40 + 3], 255);
}

TEST(SurfaceMesh, aMissingPointLeavesAHoleOfFourCells) {
  const SurfaceSnapshot surface = bowl(9, [](analysis::SurfaceGrid& grid) {
    grid.computed[3 * 9 + 3] = 0;
    grid.train.loss[3 * 9 + 3] = std::numeric_limits<double>::quiet_NaN();
  });
  const HeightField field = heightField(surface, {.from = 0, .to = 2});
  EXPECT_EQ(field.missing, 1);
  EXPECT_EQ(surfaceMesh(field).triangles.size(), (8U * 8 - 4) * 2 * 3);
  EXPECT_TRUE(std::isnan(field.interpolate(field.x[3] + 0.01, field.y[3] + 0.01)));
}

TEST(SurfaceMesh, aDivergedPointStandsGreyAtTheTopAndHasNoHeight) {
  const SurfaceSnapshot surface = bowl(9, [](analysis::SurfaceGrid& grid) {
    grid.train.loss[0] = std::numeric_limits<double>::infinity();
    grid.train.loss[1] = std::numeric_limits<double>::quiet_NaN();  // evaluated, and not a number: diverged as well
  });
  const HeightField field = heightField(surface, {.from = 0, .to = 2});
  EXPECT_EQ(field.divergedCount, 2);
  EXPECT_EQ(field.missing, 0);
  EXPECT_TRUE(std::isnan(field.at(0, 0)));
  const SurfaceMesh mesh = surfaceMesh(field);
  EXPECT_EQ(mesh.triangles.size(), 8U * 8 * 2 * 3);
  EXPECT_FLOAT_EQ(mesh.points[2], static_cast<float>(kBoxHeight));
  EXPECT_EQ(mesh.colours[0], mesh.colours[1]);
  EXPECT_EQ(mesh.colours[1], mesh.colours[2]);
}

TEST(SurfaceMesh, aPartialLevelIsDrawnAtItsStride) {
  SurfaceSnapshot surface = bowl(9, [](analysis::SurfaceGrid& grid) {
    for (std::size_t i = 0; i < grid.computed.size(); ++i) grid.computed[i] = (i / 9) % 4 == 0 && (i % 9) % 4 == 0;
  });
  EXPECT_EQ(completeStride(*surface.grid), 4);
  surface.stride = 4;
  const HeightField field = heightField(surface, {.from = 0, .to = 2});
  EXPECT_EQ(field.columns(), 3);
  EXPECT_EQ(field.missing, 0);
  EXPECT_EQ(surfaceMesh(field).triangles.size(), 2U * 2 * 2 * 3);
}

TEST(SurfaceMesh, valuesOutsideOfTheScaleAreClampedAndCounted) {
  const HeightField field = heightField(bowl(9), {.from = 0.5, .to = 1});
  EXPECT_GT(field.clampedAbove, 0);
  EXPECT_GT(field.clampedBelow, 0);
  for (const double height : field.height) {
    EXPECT_GE(height, 0);
    EXPECT_LE(height, kBoxHeight);
  }
}

TEST(SurfaceMesh, aLogScaleRefusesValuesAtAndBelowZero) {
  const HeightField field = heightField(bowl(9), {.kind = ScaleKind::log, .from = 0.01, .to = 2});
  EXPECT_EQ(field.refused, 1);  // the loss of the bowl is 0 at its middle only
  EXPECT_TRUE(std::isnan(field.at(4, 4)));
  EXPECT_EQ(surfaceMesh(field).triangles.size(), (8U * 8 - 4) * 2 * 3);
}

TEST(ContourSegments, aPlaneIsCutInOneStraightLine) {
  const SurfaceSnapshot surface = sampled(9, [](double x, double) { return x; });
  const HeightField field = heightField(surface, {.from = -1, .to = 1});
  const auto segments = contourSegments(field, {0.55 * kBoxHeight});
  ASSERT_EQ(segments.size(), 2U * 8);  // one segment a row of cells
  for (const auto& point : segments) EXPECT_NEAR(point[0], 0.1, 1e-12);
}

TEST(ContourSegments, pointsLieOnTheLevelOfTheInterpolatedField) {
  const HeightField field = heightField(bowl(33), {.from = 0, .to = 2});
  const std::vector<double> levels{0.2, 0.5, 0.9};
  const auto segments = contourSegments(field, levels);
  ASSERT_FALSE(segments.empty());
  for (const auto& point : segments) EXPECT_NEAR(field.interpolate(point[0], point[1]), point[2], 1e-12);
}

TEST(ContourSegments, aSaddleIsDecidedByTheMeanOfItsCell) {
  // A checkerboard of 1 and -1: every cell is a saddle with mean 0. Above 0 the high corners are apart, so each line cuts off a high one.
  const SurfaceSnapshot surface = sampled(3, [](double x, double y) { return std::lround(x + y) % 2 == 0 ? 1.0 : -1.0; });
  const HeightField field = heightField(surface, {.from = -1, .to = 1});
  for (const double shift : {0.1, -0.1}) {
    const auto segments = contourSegments(field, {0.5 * kBoxHeight + shift});
    ASSERT_EQ(segments.size(), 4U * 2 * 2);  // four cells, two lines each
    for (std::size_t i = 0; i < segments.size(); i += 2) {
      const double x = (segments[i][0] + segments[i + 1][0]) / 2, y = (segments[i][1] + segments[i + 1][1]) / 2;
      const bool nearHigh = std::lround(x) % 2 == 0 ? std::lround(y) % 2 == 0 : std::lround(y) % 2 != 0;
      EXPECT_EQ(nearHigh, shift > 0) << x << ", " << y;
    }
  }
}

}  // namespace
}  // namespace ui
