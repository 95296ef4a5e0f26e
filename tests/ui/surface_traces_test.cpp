// SPDX-License-Identifier: GPL-3.0-or-later
// Where paths, stems, pins, arrows and the model lie in the scene.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/ui/scene_fields.h"
#include "ui/scenes/surface_traces.h"

namespace ui {
namespace {

struct Scene {
  SurfaceSnapshot surface = bowl(17);
  HeightScale scale{.kind = ScaleKind::linear, .from = 0, .to = 2};
  HeightField field = heightField(surface, scale);
  TraceGeometry of(const SurfaceTraces& traces) const { return traceGeometry(traces, *surface.grid, field, scale); }
};

SurfaceTraces path(std::size_t upTo) {
  SurfaceTraces traces;
  SurfaceTraces::Path& p = traces.paths.emplace_back();
  p.upTo = upTo;
  for (int i = 0; i < 4; ++i)
    p.points.push_back({.run = "r", .step = 10 * i, .x = 0.8 - 0.2 * i, .y = 0.1 * i, .loss = 1.5 - 0.25 * i, .testLoss = 0, .planeLoss = 0.5 - 0.1 * i, .distance = 1});
  return traces;
}

TEST(SurfaceTraces, aPathLiesAboveItsTrueLossAndStemsGoDownToThePlanes) {
  const Scene scene;
  const TraceGeometry g = scene.of(path(4));
  ASSERT_EQ(g.paths.size(), 1u);
  const TraceGeometry::Path& p = g.paths[0];
  ASSERT_EQ(p.balls.size(), 4u);
  EXPECT_TRUE(p.later.empty());
  ASSERT_EQ(p.stems.size(), 4u);
  for (int i = 0; i < 4; ++i) {
    const auto k = static_cast<std::size_t>(i);
    EXPECT_NEAR(p.balls[k][0], 0.8 - 0.2 * i, 1e-12);
    EXPECT_NEAR(p.balls[k][2], (1.5 - 0.25 * i) / 2 * kBoxHeight + kPathLift, 1e-12);
    EXPECT_EQ(p.stems[k][1], p.balls[k]);
    EXPECT_NEAR(p.stems[k][0][2], (0.5 - 0.1 * i) / 2 * kBoxHeight, 1e-12);
  }
  ASSERT_EQ(p.before.size(), 1u);
  EXPECT_EQ(p.before[0].size(), 4u);
}

TEST(SurfaceTraces, theScrubberPartsThePath) {
  const TraceGeometry g = Scene().of(path(2));
  const TraceGeometry::Path& p = g.paths[0];
  EXPECT_EQ(p.balls.size(), 2u);
  EXPECT_EQ(p.later.size(), 2u);
  ASSERT_EQ(p.before.size(), 1u);
  ASSERT_EQ(p.after.size(), 1u);
  EXPECT_EQ(p.before[0].back(), p.after[0].front()) << "nothing is missing between them";
  EXPECT_EQ(p.after[0].size(), 3u);
}

TEST(SurfaceTraces, whatLiesOutsideIsLeftOutAndCounted) {
  SurfaceTraces traces = path(4);
  traces.paths[0].points[1].x = 3;
  traces.pins.push_back({.label = "A", .at = {0, -2}, .loss = 1});
  const TraceGeometry g = Scene().of(traces);
  EXPECT_EQ(g.outside, 2);
  EXPECT_EQ(g.paths[0].balls.size(), 3u);
  ASSERT_EQ(g.paths[0].before.size(), 1u) << "no line through what is not there";
  EXPECT_EQ(g.paths[0].before[0].size(), 2u);
}

TEST(SurfaceTraces, onAnotherLayerThePathLiesOnTheSurface) {
  SurfaceTraces traces = path(4);
  traces.losses = false;
  const Scene scene;
  const TraceGeometry g = scene.of(traces);
  EXPECT_TRUE(g.paths[0].stems.empty());
  for (const auto& ball : g.paths[0].balls) EXPECT_NEAR(ball[2], scene.field.interpolate(ball[0], ball[1]) + kPathLift, 1e-12);
}

TEST(SurfaceTraces, theArrowGoesAlongTheSurfaceAndUpToTheTrueLoss) {
  SurfaceTraces traces;
  traces.arrows.push_back({.label = "e", .to = {0.4, 0.3}, .trueLoss = 1.0, .colour = Qt::white});
  const Scene scene;
  const TraceGeometry g = scene.of(traces);
  ASSERT_EQ(g.arrows.size(), 1u);
  const auto& shaft = g.arrows[0].shaft;
  ASSERT_EQ(shaft.size(), 4u) << "line, two strokes of the head, stem";
  EXPECT_NEAR(shaft[0].front()[0], 0, 1e-12);
  EXPECT_NEAR(shaft[0].back()[0], 0.4, 1e-12);
  EXPECT_NEAR(shaft[0].back()[1], 0.3, 1e-12);
  for (const auto& p : shaft[0]) EXPECT_NEAR(p[2], scene.field.interpolate(p[0], p[1]), 0.01);
  EXPECT_NEAR(shaft[3].back()[2], 0.5 * kBoxHeight, 1e-12);
}

TEST(SurfaceTraces, theModelsWiresHaveItsHeights) {
  SurfaceTraces traces;
  traces.model = analysis::QuadraticModel{.centre = 0.1, .lambdaX = 2, .lambdaY = 1};
  const TraceGeometry g = Scene().of(traces);
  ASSERT_FALSE(g.model.empty());
  for (const auto& line : g.model)
    for (const auto& p : line) EXPECT_NEAR(p[2], (0.1 + p[0] * p[0] + 0.5 * p[1] * p[1]) / 2 * kBoxHeight, 1e-9);
}

TEST(SurfaceTraces, aWalkLiesOnItsLosses) {
  SurfaceTraces traces;
  traces.walk = {{0, 0}, {0.5, 0}, {0.5, 0.5}};
  traces.walkLosses = {0, 0.25, 0.5};
  const TraceGeometry g = Scene().of(traces);
  ASSERT_EQ(g.walk.size(), 1u);
  EXPECT_EQ(g.walk[0].size(), 3u);
  EXPECT_NEAR(g.walk[0][1][2], 0.125 * kBoxHeight, 0.01);
  EXPECT_EQ(*g.walker, g.walk[0].back());
}

}  // namespace
}  // namespace ui
