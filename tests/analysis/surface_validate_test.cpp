// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <cmath>

#include "analysis/surface/grid_order.h"
#include "analysis/surface/sample_surface.h"
#include "tests/trainer/temporary_folder.h"

namespace analysis {
namespace {

std::string refusal(const SurfaceSpec& spec) {
  return messageOf<std::invalid_argument>([&] { validate(spec); });
}

SurfaceSpec slice(double from, double to, std::int64_t size) {
  SurfaceSpec spec;
  spec.x = {.from = from, .to = to, .size = size};
  return spec;
}

TEST(SurfaceValidate, RefusesEvenAndSmallSizesWithTheRule) {
  for (const std::int64_t size : {-1, 0, 1, 2, 32, 100'001}) {
    const std::string message = refusal(slice(-1, 1, size));
    EXPECT_NE(message.find("--size " + std::to_string(size)), std::string::npos) << message;
    EXPECT_NE(message.find("odd"), std::string::npos) << message;
  }
  EXPECT_NO_THROW(validate(slice(-1, 1, 3)));
}

TEST(SurfaceValidate, RefusesRangesWithoutZeroInside) {
  for (const auto& [from, to] : {std::pair{0.0, 1.0}, {-1.0, 0.0}, {1.0, -1.0}, {0.5, 2.0}, {-1.0, double{INFINITY}}, {double{NAN}, 1.0}})
    EXPECT_NE(refusal(slice(from, to, 33)).find("A < 0 < B"), std::string::npos) << from << ":" << to;
}

// -1:2 in 32 cells puts 0 at 10.67 cells; -1.0476 = -2 11/21 moves an end by 0.048, the other candidates by 0.09 or more.
TEST(SurfaceValidate, NamesTheNearestRangeThatWorks) {
  EXPECT_EQ(refusal(slice(-1, 2, 33)), "--range -1:2 with 33 points puts 0 between grid points; the nearest that works is -1.047619:2");
  EXPECT_NO_THROW(validate(slice(-1.047619, 2, 33)));
}

TEST(SurfaceValidate, WhatItProposesIsAccepted) {
  for (const double to : {0.013, 0.3, 0.77, 1.5, 9.0, 123.0}) {
    const std::string message = refusal(slice(-1, to, 33));
    ASSERT_NE(message.find("works is "), std::string::npos) << message;
    const std::string range = message.substr(message.rfind(' ') + 1);
    const std::size_t colon = range.find(':');
    EXPECT_NO_THROW(validate(slice(std::stod(range.substr(0, colon)), std::stod(range.substr(colon + 1)), 33))) << range;
  }
}

TEST(SurfaceValidate, AsymmetricRangesWithZeroOnTheGridAreAccepted) {
  EXPECT_NO_THROW(validate(slice(-1, 3, 33)));
  EXPECT_NO_THROW(validate(slice(-0.1, 0.3, 5)));
}

TEST(SurfaceValidate, RefusesUnknownWordsListingTheKnown) {
  SurfaceSpec spec;
  spec.x.kind = "sideways";
  EXPECT_NE(refusal(spec).find("--x 'sideways' is unknown; this version has: random, eigen:K, eigen:-K, gradient"), std::string::npos);
  for (const char* kind : {"eigen", "eigen:", "eigen:0", "eigen:1x", ""}) {
    spec.x.kind = kind;
    EXPECT_NE(refusal(spec).find("is unknown"), std::string::npos) << kind;
  }
  spec.x.kind = "eigen:12";
  EXPECT_NO_THROW(validate(spec));
  spec.normalise = "row";
  EXPECT_EQ(refusal(spec), "--normalise 'row' is unknown; this version has: filter, layer, none");
  spec.normalise = "none";
  spec.oneD = "copy";
  EXPECT_EQ(refusal(spec), "--one-d 'copy' is unknown; this version has: zero, norm, elementwise");
}

TEST(SurfaceValidate, RefusesTheSameEigenvectorTwice) {
  SurfaceSpec spec;
  spec.x.kind = "eigen:2";
  spec.y = AxisSpec{.kind = "eigen:2"};
  EXPECT_NE(refusal(spec).find("both eigen:2"), std::string::npos);
  spec.y->kind = "eigen:1";
  EXPECT_NO_THROW(validate(spec));
}

TEST(SurfaceCoordinates, EndsAndZeroAreExact) {
  for (const auto& [from, to, size] : {std::tuple{-1.0, 1.0, 33}, {-0.1, 0.3, 5}, {-1.047619, 2.0, 33}, {-0.7, 0.7, 51}}) {
    const std::vector<double> x = coordinates({.from = from, .to = to, .size = size});
    ASSERT_EQ(x.size(), static_cast<std::size_t>(size));
    EXPECT_EQ(x.front(), from);
    EXPECT_EQ(x.back(), to);
    EXPECT_EQ(std::ranges::count(x, 0.0), 1);
    EXPECT_TRUE(std::ranges::is_sorted(x));
  }
}

TEST(SurfaceGridOrder, LevelsDoubleAndHoldEveryPointOnce) {
  for (const auto& [columns, rows, levels] : {std::tuple{33, 33, 4}, {33, 17, 3}, {3, 3, 1}, {65, 1, 5}, {21, 33, 1}, {51, 51, 1}, {9, 5, 1}}) {
    const GridOrder order = gridOrder(columns, rows);
    EXPECT_EQ(order.size(), static_cast<std::size_t>(levels)) << columns << " x " << rows;
    EXPECT_EQ(order.back().stride, 1);
    std::vector<int> seen(static_cast<std::size_t>(columns * rows), 0);
    for (const GridLevel& level : order) {
      for (const GridPoint p : level.points) ++seen[static_cast<std::size_t>(p.row * columns + p.column)];
      for (int row = 0; row < rows; row += static_cast<int>(level.stride))
        for (int column = 0; column < columns; column += static_cast<int>(level.stride)) EXPECT_EQ(seen[static_cast<std::size_t>(row * columns + column)], 1);
    }
    EXPECT_EQ(std::ranges::count(seen, 1), columns * rows);
  }
}

}  // namespace
}  // namespace analysis
