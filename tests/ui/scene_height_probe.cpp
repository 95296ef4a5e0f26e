// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/height_probe.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/ui/scene_fields.h"

namespace ui {
namespace {

TEST(Projection, pixelsAndRaysAreInverse) {
  for (const OrbitCamera& camera : {OrbitCamera::iso(), OrbitCamera::front(), OrbitCamera::top(), OrbitCamera{.azimuth = 30, .elevation = 20}}) {
    const Projection projection(camera, QSizeF(640, 400));
    const Point3 point{0.3, -0.7, 0.5};
    const Ray ray = projection.rayThrough(projection.toPixels(point));
    const double t = (point[2] - ray.origin[2]) / ray.direction[2];
    EXPECT_NEAR(ray.origin[0] + t * ray.direction[0], point[0], 1e-9);
    EXPECT_NEAR(ray.origin[1] + t * ray.direction[1], point[1], 1e-9);
  }
}

TEST(Projection, theFocalPointIsInTheMiddle) {
  const OrbitCamera camera;
  const QPointF middle = Projection(camera, QSizeF(800, 600)).toPixels(camera.focalPoint);
  EXPECT_NEAR(middle.x(), 400, 1e-9);
  EXPECT_NEAR(middle.y(), 300, 1e-9);
}

TEST(OrbitCamera, elevationIsClampedAndDragsCancelOut) {
  OrbitCamera camera;
  camera.drag(0, 1e4);
  EXPECT_EQ(camera.elevation, 89);
  camera.drag(0, -1e4);
  EXPECT_EQ(camera.elevation, 5);
  OrbitCamera there = OrbitCamera::iso();
  there.drag(100, 30);
  there.drag(-100, -30);
  EXPECT_NEAR(there.azimuth, OrbitCamera::iso().azimuth, 1e-12);
  EXPECT_NEAR(there.elevation, OrbitCamera::iso().elevation, 1e-12);
}

TEST(HeightProbe, aRayThroughAVisiblePointHitsThatPoint) {
  const HeightField field = heightField(bowl(33), {.from = 0, .to = 2});
  for (const auto& at : {std::array{0.0, 0.0}, std::array{0.24, -0.31}, std::array{-0.4, 0.37}, std::array{0.8, 0.6}}) {
    const Projection projection(OrbitCamera{.azimuth = -125, .elevation = 70}, QSizeF(640, 480));
    const Point3 point{at[0], at[1], field.interpolate(at[0], at[1])};
    const auto hit = firstCrossing(field, projection.rayThrough(projection.toPixels(point)));
    ASSERT_TRUE(hit.has_value());
    EXPECT_NEAR((*hit)[0], at[0], 1e-8);  // 50 bisections of half a cell leave rounding only
    EXPECT_NEAR((*hit)[1], at[1], 1e-8);
  }
}

TEST(HeightProbe, theNearestOfSeveralCrossingsIsTaken) {
  const SurfaceSnapshot ridge = sampled(65, [](double x, double) { return std::exp(-40 * (x + 0.5) * (x + 0.5)) + std::exp(-40 * (x - 0.5) * (x - 0.5)); });
  const HeightField field = heightField(ridge, {.from = 0, .to = 1});
  const Ray ray{.origin = {-8, 0.01, 0.5}, .direction = {1, 0, 0}};  // level: meets both ridges, four times
  const auto hit = firstCrossing(field, ray);
  ASSERT_TRUE(hit.has_value());
  EXPECT_LT((*hit)[0], -0.5);
}

TEST(HeightProbe, aRayBesideTheBoxOrThroughAHoleMisses) {
  const SurfaceSnapshot holed = bowl(9, [](analysis::SurfaceGrid& grid) {
    for (auto& value : grid.computed) value = 0;
  });
  const Projection projection(OrbitCamera{}, QSizeF(640, 480));
  EXPECT_FALSE(firstCrossing(heightField(bowl(9), {.from = 0, .to = 2}), projection.rayThrough({2, 2})).has_value());
  EXPECT_FALSE(firstCrossing(heightField(holed, {.from = 0, .to = 2}), projection.rayThrough({320, 240})).has_value());
}

TEST(ReadSurface, gridPointsAreComputedAndExact) {
  const auto reading = readSurface(bowl(9), 0.25, -0.5);
  ASSERT_TRUE(reading.has_value());
  EXPECT_TRUE(reading->computed);
  EXPECT_DOUBLE_EQ(reading->loss, 0.3125);
  EXPECT_DOUBLE_EQ(reading->accuracy, std::exp(-0.3125));
  EXPECT_DOUBLE_EQ(reading->aboveCentre, 0.3125);
}

TEST(ReadSurface, aGridPointThatWasNotEvaluatedIsInterpolated) {
  const SurfaceSnapshot surface = bowl(9, [](analysis::SurfaceGrid& grid) {
    grid.interpolated.assign(grid.computed.size(), 0);
    grid.computed[2 * 9 + 5] = 0, grid.interpolated[2 * 9 + 5] = 1;
  });
  const auto there = readSurface(surface, 0.25, -0.5), beside = readSurface(surface, 0.5, -0.5);
  ASSERT_TRUE(there && beside);
  EXPECT_FALSE(there->computed);
  EXPECT_DOUBLE_EQ(there->loss, 0.3125);
  EXPECT_TRUE(beside->computed);
  EXPECT_EQ(completeStride(*surface.grid), 1);
}

TEST(ReadSurface, betweenGridPointsItIsBilinearAndSaysSo) {
  // x^2 on a spacing of 0.25: half-way the chord lies (h/2)^2 above the parabola, in each direction.
  const auto reading = readSurface(bowl(9), 0.125, 0.125);
  ASSERT_TRUE(reading.has_value());
  EXPECT_FALSE(reading->computed);
  EXPECT_NEAR(reading->loss, 2 * (0.125 * 0.125 + 0.125 * 0.125), 1e-15);
}

TEST(ReadSurface, snapsOntoAGridPointThatIsNear) {
  const auto reading = readSurface(bowl(9), 0.27, -0.49, 0.2);
  ASSERT_TRUE(reading.has_value());
  EXPECT_TRUE(reading->computed);
  EXPECT_DOUBLE_EQ(reading->x, 0.25);
  EXPECT_DOUBLE_EQ(reading->y, -0.5);
  EXPECT_DOUBLE_EQ(reading->loss, 0.3125);
}

TEST(ReadSurface, nothingOutsideOrWhereAPointIsMissing) {
  EXPECT_FALSE(readSurface(bowl(9), 1.01, 0).has_value());
  const SurfaceSnapshot holed = bowl(9, [](analysis::SurfaceGrid& grid) { grid.computed[4 * 9 + 5] = 0; });
  EXPECT_FALSE(readSurface(holed, 0.1, 0.1).has_value());
  EXPECT_TRUE(readSurface(holed, 0.1, 0.1 + 0.25).has_value());
}

TEST(ReadSurface, theTestSplitHasItsOwnCentre) {
  SurfaceSnapshot surface = sampled(9, [](double x, double y) { return 0.5 + x * x + y * y; });
  surface.test = true;
  const auto reading = readSurface(surface, 0.5, 0);
  ASSERT_TRUE(reading.has_value());
  EXPECT_DOUBLE_EQ(reading->loss, 1.5);
  EXPECT_DOUBLE_EQ(reading->aboveCentre, 0.5);
}

TEST(ReadSurface, aSliceIgnoresY) {
  SurfaceSnapshot surface = bowl(9, [](analysis::SurfaceGrid& grid) {
    grid.y = {0};
    grid.slice = true;
    for (auto* values : {&grid.train.loss, &grid.train.accuracy}) *values = std::vector<double>(values->begin() + 36, values->begin() + 45);
    grid.computed.resize(9);
  });
  const auto reading = readSurface(surface, -0.75, 0.3);
  ASSERT_TRUE(reading.has_value());
  EXPECT_DOUBLE_EQ(reading->loss, 0.5625);
  EXPECT_TRUE(reading->computed);
}

}  // namespace
}  // namespace ui
