// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QAreaSeries>
#include <QBarSet>
#include <QChart>
#include <QHorizontalBarSeries>
#include <QLineSeries>
#include <cmath>
#include <numbers>

#include "ui/charts/band_chart.h"
#include "ui/charts/density_chart.h"
#include "ui/charts/layer_chart.h"

namespace ui {
namespace {

template <class Series>
std::vector<Series*> seriesOf(const QChartView& view) {
  std::vector<Series*> found;
  for (QAbstractSeries* series : view.chart()->series())
    if (auto* of = qobject_cast<Series*>(series); of != nullptr && series->metaObject() == &Series::staticMetaObject) found.push_back(of);
  return found;
}

const DensityCurve kTwoNodes{.name = QStringLiteral("SGD"), .look = {}, .nodes = {0, 3}, .weights = {0.75, 0.25}, .largest = 3.0};

TEST(SmoothedDensity, hasTheMassOfTheWeightsAndTheirHeights) {
  for (const double sigma : {0.05, 0.3}) {
    const int count = 4001;
    const double from = -6, to = 9;
    const std::vector<QPointF> points = smoothedDensity(kTwoNodes, sigma, from, to, count);
    double mass = 0;
    for (const QPointF& p : points) mass += p.y() * (to - from) / (count - 1);
    EXPECT_NEAR(mass, 1, 1e-10) << sigma;  // the trapezoidal rule on Gaussians that end within the range: exact to rounding
    EXPECT_NEAR(points[1600].x(), 0, 1e-12);
    EXPECT_NEAR(points[1600].y(), 0.75 / (sigma * std::sqrt(2 * std::numbers::pi)), 1e-9) << sigma;
  }
}

TEST(DensityChart, drawsACurveARunAndMarksLambdaOne) {
  DensityChart chart;
  chart.show({kTwoNodes}, 0.1);
  const auto lines = seriesOf<QLineSeries>(chart);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]->name(), QStringLiteral("SGD"));
  double peak = 0;
  for (const QPointF& p : lines[0]->points()) {
    EXPECT_GT(p.y(), 0) << "nothing on a log axis is 0";
    peak = std::max(peak, p.y());
  }
  EXPECT_NEAR(peak, 0.75 / (0.1 * std::sqrt(2 * std::numbers::pi)), 0.02 * peak);  // between two of its points
  EXPECT_EQ(lines[1]->at(0).x(), 3);
  EXPECT_EQ(lines[1]->at(1).x(), 3);
}

TEST(BandChart, bandsMarksAndExtrapolationStandApart) {
  BandChart chart;
  chart.show({{.name = QStringLiteral("SGD"), .look = {}, .points = {{0.5, 4}, {0.25, 3}}, .errors = {0.5, 0.25}, .extrapolated = QPointF(0, 2), .extrapolationError = 0.5}},
             {.xTitle = QStringLiteral("1 / N"), .yTitle = QStringLiteral("lambda"), .fromZero = true});
  const auto bands = seriesOf<QAreaSeries>(chart);
  ASSERT_EQ(bands.size(), 1u);
  EXPECT_EQ(bands[0]->upperSeries()->at(0), QPointF(0.5, 4.5));
  EXPECT_EQ(bands[0]->lowerSeries()->at(1), QPointF(0.25, 2.75));
  const auto marks = seriesOf<QScatterSeries>(chart);
  ASSERT_EQ(marks.size(), 2u);
  EXPECT_EQ(marks[0]->count(), 2);
  EXPECT_EQ(marks[1]->at(0), QPointF(0, 2));
  EXPECT_EQ(marks[1]->color(), chart.colours().background) << "what was not measured is hollow";
  EXPECT_EQ(marks[0]->color(), CurveLook{}.colour);
}

TEST(BandChart, aLogAxisRefusesAndCounts) {
  BandChart chart;
  chart.show({{.name = {}, .look = {}, .points = {{0.1, -1}, {0.2, 0.5}, {0.4, NAN}}, .errors = {0.1, 0.1, 0.1}}}, {.xTitle = {}, .yTitle = {}, .logX = true, .logY = true});
  EXPECT_EQ(chart.dropped(), 2);
  EXPECT_EQ(seriesOf<QScatterSeries>(chart).front()->points(), (QList<QPointF>{{0.2, 0.5}}));
}

TEST(LayerChart, aBarALayerAndRunWithTheFirstLayerOnTop) {
  LayerChart chart;
  chart.show({{.name = QStringLiteral("SGD"), .look = {}, .layers = {{QStringLiteral("conv1"), 18.7}, {QStringLiteral("fc"), 27.9}}},
              {.name = QStringLiteral("SAM"), .look = {}, .layers = {{QStringLiteral("conv1"), 4.1}, {QStringLiteral("fc"), NAN}}}},
             QStringLiteral("lambda max"));
  const auto bars = seriesOf<QHorizontalBarSeries>(chart);
  ASSERT_EQ(bars.size(), 1u);
  const QList<QBarSet*> sets = bars[0]->barSets();  // drawn from below: the last run and the last layer come first
  ASSERT_EQ(sets.size(), 2);
  EXPECT_EQ(sets[1]->label(), QStringLiteral("SGD"));
  EXPECT_EQ(sets[1]->at(0), 27.9);
  EXPECT_EQ(sets[1]->at(1), 18.7);
  EXPECT_EQ(sets[0]->at(1), 4.1);
  EXPECT_EQ(sets[0]->at(0), 0) << "nothing is drawn for what was not measured";
}

}  // namespace
}  // namespace ui
