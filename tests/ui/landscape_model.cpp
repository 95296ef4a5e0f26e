// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_model.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/ui/scene_fields.h"

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

TEST(LandscapeModel, allRunsShareOneScaleWhicheverIsSelected) {
  LandscapeModel model = twoRuns();
  model.selected = 0;
  const HeightScale first = model.scale();
  model.selected = 1;
  EXPECT_EQ(model.scale(), first);
  EXPECT_EQ(first.to, 2);
  model.scope = RangeScope::thisRun;
  EXPECT_EQ(model.scale().to, 1);
  model.scope = RangeScope::fixed;
  model.fixedTop = 0.75;
  EXPECT_EQ(model.scale().to, 0.75);
}

TEST(LandscapeModel, theTestSplitIsReadWhereItIsChosen) {
  LandscapeModel model = twoRuns();
  model.test = true;
  EXPECT_EQ(model.scale().to, 4);  // twice the training split
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
