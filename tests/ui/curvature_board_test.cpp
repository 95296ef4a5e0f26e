// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/curvature_board.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QChart>
#include <QSlider>

#include "ui/pages/spectrum_view.h"

namespace ui {
namespace {

analysis::Estimate estimate(double value, double error) {
  return {.value = value, .probes = 30, .hasError = true, .standardError = error, .interval68 = {value - error, value + error}, .interval95 = {value - 2 * error, value + 2 * error}};
}

std::shared_ptr<analysis::SpectrumResult> everything() {
  auto result = std::make_shared<analysis::SpectrumResult>();
  analysis::Spectrum& s = result->spectrum;
  s.samples = 512;
  s.parameters = 4;
  s.operatorName = "hessian";
  s.top = {{.value = 3, .residual = 1e-3, .errorEstimate = 1e-6, .converged = true}};
  s.density = analysis::Density{.probes = 2, .steps = 2, .products = 4, .nodes = {0, 3, 0, 2}, .weights = {0.25, 0.25, 0.25, 0.25}, .moments = {}};
  s.trace = analysis::Trace{.estimate = estimate(318.4, 6.1), .frobenius = estimate(55, 0.5), .method = "xtrace", .products = 60, .reached = true};
  s.layers = {{.name = "conv1", .parameters = 2, .lambdaMax = {.value = 2}, .trace = {}, .products = 3}, {.name = "fc", .parameters = 2, .lambdaMax = {.value = 3, .converged = true}, .trace = {}, .products = 3}};
  s.extrapolation = analysis::Extrapolation{.sizes = {{.samples = 128, .lambdaMax = {5, 4}, .residual = {}, .mean = 4.5, .deviation = 0.7}, {.samples = 512, .lambdaMax = {3}, .residual = {}, .mean = 3, .deviation = 0}},
                                            .population = 1442, .atPopulation = 2.6, .atInfinity = 2.5, .spread = 0.1, .products = 40};
  return result;
}

std::vector<BoardRun> twoRuns() {
  return {{.folder = "a", .name = QStringLiteral("SGD"), .swatch = {}, .look = {}, .measurable = true, .waiting = {}, .curvature = {}},
          {.folder = "b", .name = QStringLiteral("SAM"), .swatch = {}, .look = {.colour = Qt::red, .dashes = {}, .marker = CurveLook::Marker::square}, .measurable = true, .waiting = {}, .curvature = {}}};
}

TEST(SpectrumParts, eachPartIsTheNewestThatHasIt) {
  SpectrumParts parts;
  EXPECT_TRUE(parts.empty());
  const auto first = everything();
  parts.add(first);
  auto second = std::make_shared<analysis::SpectrumResult>();
  second->spectrum.top = {{.value = 1}};
  parts.add(second);
  EXPECT_EQ(parts.pairs, second);
  EXPECT_EQ(parts.density, first);
  EXPECT_EQ(parts.layers, first);
}

TEST(CurvatureBoard, showsEveryPartOfEveryRun) {
  CurvatureBoard board;
  board.setRuns(twoRuns());
  EXPECT_EQ(board.exportable(), nullptr);
  SpectrumParts parts;
  parts.add(everything());
  board.setSpectrum("a", parts);
  board.setSpectrum("b", parts);
  SpectrumView& view = *board.spectrum();
  EXPECT_NE(board.exportable(), nullptr);
  EXPECT_EQ(board.table()->rowCount(), 1);
  int curves = 0;
  for (QAbstractSeries* series : view.density()->density()->chart()->series()) curves += series->name().isEmpty() ? 0 : 1;
  EXPECT_EQ(curves, 2) << "one density a run";
  EXPECT_EQ(view.layers()->note(), QStringLiteral("diagonal blocks \u00B7 2 of 4 not converged"));
  EXPECT_EQ(view.traces()->rowCount(), 2);
}

TEST(DensityCard, theSliderSmoothsTheSameNodes) {
  CurvatureBoard board;
  board.setRuns(twoRuns());
  SpectrumParts parts;
  parts.add(everything());
  board.setSpectrum("a", parts);
  DensityCard& card = *board.spectrum()->density();
  EXPECT_NEAR(card.density()->sigma(), 0.6, 0.01) << "to begin with the range / steps, but not more than a fifth of the range";
  auto* slider = card.findChild<QSlider*>(QStringLiteral("densitySmoothing"));
  slider->setValue(0);
  EXPECT_NEAR(card.density()->sigma(), 3.0 / 500, 1e-12);
  slider->setValue(slider->maximum());
  EXPECT_NEAR(card.density()->sigma(), 3.0 / 5, 1e-12);
}

TEST(ExtrapolationCurve, whatWasNotMeasuredStandsApart) {
  const BandCurve curve = extrapolationCurve(*everything()->spectrum.extrapolation, QStringLiteral("SGD"), {});
  ASSERT_EQ(curve.points.size(), 2u);
  EXPECT_EQ(curve.points[0], QPointF(1.0 / 128, 4.5));
  EXPECT_EQ(curve.errors, (std::vector<double>{0.7, 0}));
  ASSERT_TRUE(curve.extrapolated.has_value());
  EXPECT_EQ(*curve.extrapolated, QPointF(1.0 / 1442, 2.6));
  analysis::Extrapolation whole = *everything()->spectrum.extrapolation;
  whole.population = 512;
  EXPECT_FALSE(extrapolationCurve(whole, {}, {}).extrapolated.has_value()) << "all samples were measured";
}

TEST(TraceModel, everyFigureWithItsErrorInBrackets) {
  TraceModel model;
  const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
  auto few = everything();
  few->spectrum.trace->frobenius = estimate(55, 0);
  few->spectrum.trace->frobenius.hasError = false;
  model.setRows({{.name = QStringLiteral("SGD"), .swatch = {}, .trace = few, .density = few}, {.name = QStringLiteral("SAM"), .swatch = {}, .trace = nullptr, .density = nullptr}});
  const auto text = [&](int row, int column) { return model.index(row, column).data().toString(); };
  EXPECT_EQ(text(0, TraceModel::trace), QStringLiteral("318.4 (6.1)"));
  EXPECT_EQ(text(0, TraceModel::frobenius), QStringLiteral("55")) << "5 probes give no error";
  EXPECT_EQ(text(0, TraceModel::dimension), QStringLiteral("\u2013"));
  EXPECT_EQ(text(1, TraceModel::trace), QStringLiteral("\u2013"));
  EXPECT_TRUE(model.index(0, TraceModel::trace).data(Qt::ToolTipRole).toString().contains(QStringLiteral("95 %")));
}

}  // namespace
}  // namespace ui
