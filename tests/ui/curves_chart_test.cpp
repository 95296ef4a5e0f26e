// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QChart>
#include <QLineSeries>
#include <cmath>

#include "ui/charts/curves_chart.h"

namespace ui {
namespace {

std::vector<QPointF> line(int count, double value) {
  std::vector<QPointF> points;
  for (int i = 0; i < count; ++i) points.emplace_back(i, value);
  return points;
}

TEST(Smoothed, leavesAConstantAndStartsAtTheFirstValue) {
  for (const QPointF& p : smoothed(line(50, 3.5), 0.9)) EXPECT_NEAR(p.y(), 3.5, 1e-12);
  std::vector<QPointF> points = line(3, 0);
  points[0].setY(8);
  EXPECT_DOUBLE_EQ(smoothed(points, 0.5)[0].y(), 8);
  EXPECT_DOUBLE_EQ(smoothed(points, 0.5)[1].y(), 8 * 0.25 / 0.75);  // weights 1/4 and 1/2 of a sum of 3/4
  EXPECT_EQ(smoothed(points, 0), points);
}

TEST(Decimated, keepsEverySpikeAndBothEnds) {
  std::vector<QPointF> points = line(100000, 1);
  points[54321].setY(7);
  points[12345].setY(-7);
  const auto few = decimated(points, 200);
  EXPECT_LE(few.size(), 2u * 201 + 1);
  EXPECT_EQ(few.back(), points.back());
  EXPECT_NE(std::find(few.begin(), few.end(), points[54321]), few.end());
  EXPECT_NE(std::find(few.begin(), few.end(), points[12345]), few.end());
  for (std::size_t i = 1; i < few.size(); ++i) EXPECT_LT(few[i - 1].x(), few[i].x());
  EXPECT_EQ(decimated(line(10, 1), 200).size(), 10u);
}

TEST(CurvesChart, aLogAxisDropsAndCountsWhatItCannotShow) {
  CurvesChart chart;
  RunCurve curve{.name = QStringLiteral("a"), .look = {}, .points = {{1, 2}, {2, 0}, {3, -1}, {4, std::nan("")}, {5, 1}}};
  chart.show({.curves = {curve}, .logY = true, .xTitle = QStringLiteral("step"), .yTitle = QStringLiteral("loss")});
  EXPECT_EQ(chart.dropped(), 3);
  ASSERT_FALSE(chart.chart()->series().isEmpty());
  const auto* drawn = qobject_cast<QLineSeries*>(chart.chart()->series().first());
  ASSERT_NE(drawn, nullptr);
  EXPECT_EQ(drawn->points(), (QList<QPointF>{{1, 2}, {5, 1}}));
  chart.show({.curves = {}, .logY = true, .xTitle = {}, .yTitle = {}});
  EXPECT_TRUE(chart.chart()->series().isEmpty());
}

}  // namespace
}  // namespace ui
