// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/ui/scene_fields.h"
#include "ui/pages/landscape_difference.h"
#include "ui/pages/landscape_text.h"

namespace ui {
namespace {

LandscapeModel twoRuns() {
  LandscapeModel model;
  model.entries.push_back({.folder = "a", .name = QStringLiteral("SGD"), .surface = bowl(9), .slice = nullptr, .result = nullptr});
  model.entries.push_back({.folder = "b",
                           .name = QStringLiteral("SAM"),
                           .surface = sampled(9, [](double x, double y) { return 0.5 * (x * x + y * y); }),
                           .slice = nullptr,
                           .result = nullptr});
  return model;
}

TEST(LandscapeModel, theScopeSaysWhatTheRangeSpans) {
  LandscapeModel model = twoRuns();
  model.views = {{.folder = "b"}};
  EXPECT_EQ(model.scaleOf(0).to, 1) << "all that is visible";
  model.scope = RangeScope::session;
  EXPECT_EQ(model.scaleOf(0).to, 2);
  model.views = {{.folder = "a"}, {.folder = "b"}};
  model.scope = RangeScope::allVisible;
  EXPECT_EQ(model.scaleOf(0), model.scaleOf(1));
  EXPECT_EQ(model.scaleOf(0).to, 2);
  EXPECT_FALSE(model.scalesDiffer());
  model.scope = RangeScope::thisView;
  EXPECT_EQ(model.scaleOf(0).to, 2);
  EXPECT_EQ(model.scaleOf(1).to, 1);
  EXPECT_TRUE(model.scalesDiffer());
  model.scope = RangeScope::fixed;
  model.fixed = {0.25, 0.75};
  EXPECT_EQ(model.scaleOf(1).from, 0.25);
  EXPECT_EQ(model.scaleOf(1).to, 0.75);
  model.kind = ScaleKind::log;
  model.fixed = {-1, 0.75};
  EXPECT_GT(model.scaleOf(1).from, 0) << "a logarithm has no negative end";
}

TEST(LandscapeModel, aViewCanShowAnOlderSurfaceOfItsRun) {
  LandscapeModel model = twoRuns();
  auto old = std::make_shared<analysis::SurfaceResult>();
  old->spec.measure.run = "a";
  old->spec.directionSeed = 7;
  old->spec.y = old->spec.x;
  old->grid = *sampled(5, [](double x, double y) { return 7 + x + y; }).grid;
  model.entries[0].results = {old};
  model.views = {{.folder = "a", .command = analysis::commandLine(*old)}, {.folder = "b"}};
  EXPECT_EQ(model.snapshotOf(model.views[0]).grid->columns(), 5);
  EXPECT_EQ(model.snapshotOf(model.entries[0]).grid->columns(), 5) << "probe and section follow what is seen";
  EXPECT_EQ(model.resultOf(model.views[0]), old);
  model.views[0].command.clear();
  EXPECT_EQ(model.snapshotOf(model.views[0]).grid->columns(), 9);
}

TEST(LandscapeModel, layersAreReadAndMissingOnesSaid) {
  LandscapeModel model = twoRuns();
  model.views = {{.folder = "a"}, {.folder = "b"}};
  model.entries[0].surface = bowl(9, [](analysis::SurfaceGrid& grid) {
    grid.fields.push_back({.name = "gradient-norm", .values = std::vector<double>(81, 3)});
  });
  model.layer = SurfaceLayer::gradientNorm;
  EXPECT_DOUBLE_EQ(model.reading(model.entries[0], {0.1, 0.2})->value, 3);
  EXPECT_TRUE(std::isnan(model.reading(model.entries[1], {0.1, 0.2})->value));
  EXPECT_TRUE(missingLayer(model, 0).isEmpty());
  EXPECT_TRUE(missingLayer(model, 1).contains(QStringLiteral("Gradient norm")));
  model.layer = SurfaceLayer::accuracy;
  EXPECT_TRUE(missingLayer(model, 1).isEmpty());
  EXPECT_DOUBLE_EQ(model.reading(model.entries[0], {0, 0})->value, 1);
}

TEST(LandscapeModel, unequalSettingsAreNamed) {
  LandscapeModel model = twoRuns();
  model.views = {{.folder = "a"}, {.folder = "b"}};
  EXPECT_TRUE(unequalSettings(model, 1).isEmpty());
  model.entries[1].surface = bowl(9, [](analysis::SurfaceGrid& grid) { grid.samples = 512; });
  EXPECT_TRUE(unequalSettings(model, 1).contains(QStringLiteral("N 512"))) << unequalSettings(model, 1).toStdString();
  EXPECT_EQ(cardText(model, 1).warning, QStringLiteral("unequal"));
}

TEST(AxisUnits, countWhatTheySay) {
  const SurfaceSnapshot surface = bowl(41, [](analysis::SurfaceGrid& grid) {
    grid.directionNorms = {3, 5};
    grid.thetaNorm = 10;
  });
  EXPECT_EQ(unitFactor(surface, 1, AxisUnit::raw, 0.1).factor, 1);
  EXPECT_DOUBLE_EQ(unitFactor(surface, 1, AxisUnit::theta, 0.1).factor, 0.5);
  // x^2 = 0.25 at the grid point 0.5, on both sides.
  EXPECT_NEAR(unitFactor(surface, 0, AxisUnit::rise, 0.25).factor, 2, 1e-12);
  EXPECT_FALSE(unitFactor(surface, 0, AxisUnit::rise, 5).problem.isEmpty()) << "the loss never rises by 5";
  EXPECT_FALSE(unitFactor(bowl(9), 0, AxisUnit::theta, 0.1).problem.isEmpty()) << "a file from before the norm was kept";
}

TEST(SurfaceDifference, isTakenPointByPointWhereThePlanesAgree) {
  const auto named = [](analysis::SurfaceGrid& grid) { grid.directions = {"eigenvector 1, lambda 0.35, unit", "random, filter-normalised, seed 0"}; };
  const auto other = [](analysis::SurfaceGrid& grid) { grid.directions = {"eigenvector 1, lambda 12, unit", "random, filter-normalised, seed 0"}; };
  const SurfaceSnapshot a = bowl(9, named), b = sampled(9, [](double x, double y) { return x * x - y; }, other);
  const Difference difference = surfaceDifference(a, b);
  ASSERT_TRUE(difference.problem.isEmpty()) << difference.problem.toStdString();
  for (std::size_t i = 0; i < 81; ++i) EXPECT_DOUBLE_EQ(difference.surface.shown()[i], a.shown()[i] - b.shown()[i]);
  const HeightScale scale = differenceScale(difference.surface);
  EXPECT_DOUBLE_EQ(scale.fraction(0), 0.5);
  EXPECT_EQ(scale.map, ColourMap::diverging);
}

TEST(SurfaceDifference, saysWhyItCannotBeTaken) {
  const auto seed = [](int s) { return [s](analysis::SurfaceGrid& grid) { grid.directions = {"random, seed " + std::to_string(s), "random, seed 1"}; }; };
  EXPECT_TRUE(surfaceDifference(bowl(9), bowl(17)).problem.contains(QStringLiteral("17 \u00D7 17")));
  EXPECT_TRUE(surfaceDifference(bowl(9, seed(0)), bowl(9, seed(5))).problem.contains(QStringLiteral("seed 5")));
  EXPECT_TRUE(surfaceDifference(bowl(9), bowl(9, [](analysis::SurfaceGrid& grid) { grid.x.back() = 2; })).problem.contains(QStringLiteral("ranges")));
  EXPECT_TRUE(surfaceDifference(bowl(9), {}).problem.contains(QStringLiteral("B has no surface")));
  SurfaceSnapshot coarse = bowl(9);
  coarse.stride = 2;
  EXPECT_TRUE(surfaceDifference(coarse, bowl(9)).problem.contains(QStringLiteral("refined")));
}

TEST(LandscapeModel, theTestSplitIsReadWhereItIsChosen) {
  LandscapeModel model = twoRuns();
  model.test = true;
  model.scope = RangeScope::session;
  EXPECT_EQ(model.scaleOf(0).to, 4);  // twice the training split
  const auto reading = model.reading(model.entries[1], {0.5, 0});
  ASSERT_TRUE(reading.has_value());
  EXPECT_DOUBLE_EQ(reading->loss, 0.25);
}

TEST(LandscapeModel, sectionsAreTheGridsOwnValuesOnAGridLine) {
  const LandscapeModel model = twoRuns();
  const auto alongX = model.section(model.entries[0], 0, {0.3, 0.5});
  ASSERT_EQ(alongX.size(), 9U);
  for (const QPointF& p : alongX) EXPECT_DOUBLE_EQ(p.y(), p.x() * p.x() + 0.25);
  const auto alongY = model.section(model.entries[1], 1, {0.25, 0.9});
  for (const QPointF& p : alongY) EXPECT_DOUBLE_EQ(p.y(), 0.5 * (p.x() * p.x() + 0.0625));
}

TEST(LandscapeModel, sectionsLeaveOutWhatIsMissingOrDiverged) {
  LandscapeModel model;
  model.entries.push_back({.folder = "a",
                           .name = {},
                           .surface = bowl(9,
                                           [](analysis::SurfaceGrid& grid) {
                                             grid.train.loss[4 * 9] = std::numeric_limits<double>::infinity();
                                             grid.computed[4 * 9 + 8] = 0;
                                           }),
                           .slice = nullptr,
                           .result = nullptr});
  EXPECT_EQ(model.section(model.entries[0], 0, {0, 0}).size(), 7U);
}

TEST(LandscapeModel, aSliceStandsInWhereThereIsNoSurface) {
  auto slice = std::make_shared<analysis::SurfaceResult>();
  slice->grid = *bowl(9, [](analysis::SurfaceGrid& grid) {
                  grid.y = {0};
                  grid.slice = true;
                  grid.train.loss = std::vector<double>(grid.train.loss.begin() + 36, grid.train.loss.begin() + 45);
                  grid.train.accuracy.resize(9);
                  grid.computed.resize(9);
                }).grid;
  LandscapeModel model;
  model.entries.push_back({.folder = "a", .name = {}, .surface = {}, .slice = slice, .result = nullptr});
  const auto section = model.section(model.entries[0], 0, {0, 0});
  ASSERT_EQ(section.size(), 9U);
  EXPECT_DOUBLE_EQ(section.front().y(), 1);
  EXPECT_TRUE(model.section(model.entries[0], 1, {0, 0}).empty());
}

TEST(LandscapeText, badgesAndNotesSayWhatIsShown) {
  SurfaceSnapshot surface = bowl(33);
  EXPECT_EQ(gridBadge(surface), QStringLiteral("33 \u00D7 33"));
  const SurfaceSnapshot part = bowl(33, [](analysis::SurfaceGrid& grid) {
    grid.interpolated.assign(grid.computed.size(), 0);
    for (std::size_t i = 0; i < 100; ++i) grid.computed[i] = 0, grid.interpolated[i] = 1;
  });
  EXPECT_EQ(gridBadge(part), QStringLiteral("33 \u00D7 33, 989 evaluated"));
  surface.stride = 2;
  EXPECT_EQ(gridBadge(surface), QStringLiteral("17 \u2192 33"));
  HeightField field;
  EXPECT_EQ(drawingNotes(field), QString());
  field.clampedAbove = 1;
  field.divergedCount = 2;
  field.refused = 3;
  const QString notes = drawingNotes(field);
  EXPECT_TRUE(notes.contains(QStringLiteral("1 point above the range")));
  EXPECT_TRUE(notes.contains(QStringLiteral("2 points diverged")));
  EXPECT_TRUE(notes.contains(QStringLiteral("3 values \u2264 0 not drawn")));
}

TEST(LandscapeText, axesAreNamedAfterTheirDirections) {
  EXPECT_EQ(axisName({.kind = "eigen:12"}, 0), QStringLiteral("v\u2081\u2082"));
  EXPECT_EQ(axisName({.kind = "random"}, 1), QStringLiteral("random 2"));
  analysis::SurfaceGrid grid;
  grid.directions = {"eigenvector 1, lambda 0.35, unit", "random, filter-normalised, 1-D zero, seed 0"};
  EXPECT_EQ(axisNameOf(grid, 0), QStringLiteral("v\u2081"));
  EXPECT_EQ(axisNameOf(grid, 1), QStringLiteral("random 2"));
}

}  // namespace
}  // namespace ui
