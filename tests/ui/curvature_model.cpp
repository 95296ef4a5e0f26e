// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/curvature_model.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QChart>

#include "ui/pages/landscape_probe_model.h"

namespace ui {
namespace {

std::shared_ptr<const analysis::SpectrumResult> threePairs() {
  auto result = std::make_shared<analysis::SpectrumResult>();
  result->spectrum.parameters = 9018;
  result->spectrum.products = 21;
  result->spectrum.residualProducts = 3;
  result->spectrum.top = {{.value = 0.35, .residual = 2e-4, .errorEstimate = 1e-7, .converged = true},
                          {.value = 0.2, .residual = 0.05, .errorEstimate = 1e-2, .converged = false}};
  result->spectrum.bottom = {{.value = -0.01, .residual = 1e-4, .errorEstimate = 1e-7, .converged = true}};
  return result;
}

QString text(const QAbstractItemModel& model, int row, int column) { return model.index(row, column).data().toString(); }

TEST(EigenpairModel, listsTopThenBottomWithTheirNumbersAndVerdicts) {
  EigenpairModel model;
  const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
  model.setSpectrum(threePairs());
  ASSERT_EQ(model.rowCount(), 3);
  EXPECT_EQ(text(model, 0, EigenpairModel::number), QStringLiteral("1"));
  EXPECT_EQ(text(model, 0, EigenpairModel::eigenvalue), QStringLiteral("0.35"));
  EXPECT_EQ(text(model, 2, EigenpairModel::number), QStringLiteral("9,018"));
  EXPECT_EQ(text(model, 2, EigenpairModel::eigenvalue), QStringLiteral("\u22120.01"));
  EXPECT_NE(text(model, 0, EigenpairModel::verdict), text(model, 1, EigenpairModel::verdict));
  model.setSpectrum(nullptr);
  EXPECT_EQ(model.rowCount(), 0);
}

TEST(EigenvalueChart, drawsEveryMarkAndCountsWhatALogAxisRefuses) {
  const auto result = threePairs();
  EigenvalueChart chart;
  const auto points = [&] {
    std::vector<QPointF> out;
    for (QAbstractSeries* series : chart.chart()->series()) {
      if (auto* scatter = qobject_cast<QScatterSeries*>(series)) {
        for (const QPointF& p : scatter->points()) out.push_back(p);
      }
    }
    return out;
  };
  chart.show({{.name = QStringLiteral("SGD"), .look = {}, .marks = eigenvalueMarks(result->spectrum.top)}}, true, QStringLiteral("index"));
  EXPECT_EQ(points(), (std::vector<QPointF>{{1, 0.35}, {2, 0.2}}));
  EXPECT_EQ(chart.dropped(), 0);
  chart.show({{.name = QStringLiteral("SGD"), .look = {}, .marks = eigenvalueMarks(result->spectrum.bottom)}}, true, QStringLiteral("index"));
  EXPECT_TRUE(points().empty());
  EXPECT_EQ(chart.dropped(), 1);
}

TEST(EigenvalueChart, whatDidNotConvergeIsHollow) {
  EigenvalueChart chart;
  chart.show({{.name = QStringLiteral("SGD"), .look = {}, .marks = eigenvalueMarks(threePairs()->spectrum.top)}}, false, QStringLiteral("index"));
  int hollow = 0, filled = 0;
  for (QAbstractSeries* series : chart.chart()->series()) {
    if (auto* scatter = qobject_cast<QScatterSeries*>(series)) ++(scatter->color() == chart.colours().background ? hollow : filled);
  }
  EXPECT_EQ(hollow, 1);
  EXPECT_EQ(filled, 1);
}

TEST(SpectrumSummary, countsProductsAndConvergedPairs) {
  const QString summary = spectrumSummary(threePairs()->spectrum);
  EXPECT_TRUE(summary.contains(QStringLiteral("21 products"))) << summary.toStdString();
  EXPECT_TRUE(summary.contains(QStringLiteral("2 of 3 converged")));
}

TEST(ProbeModel, sixDigitsAndWhereTheyComeFrom) {
  LandscapeProbeModel model;
  const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
  model.setRows({{.name = QStringLiteral("SGD"), .swatch = {}, .reading = ProbeReading{.x = 0.25, .y = -0.5, .loss = 1.4266321, .accuracy = 0.69541,
                                                                                     .aboveCentre = 1.4235209, .computed = true}},
                 {.name = QStringLiteral("SAM"), .swatch = {}, .reading = std::nullopt}});
  ASSERT_EQ(model.rowCount(), 2);
  EXPECT_EQ(text(model, 0, LandscapeProbeModel::loss), QStringLiteral("1.42663"));
  EXPECT_EQ(text(model, 0, LandscapeProbeModel::accuracy), QStringLiteral("69.54"));
  EXPECT_EQ(text(model, 0, LandscapeProbeModel::aboveCentre), QStringLiteral("+1.42352"));
  EXPECT_EQ(text(model, 0, LandscapeProbeModel::origin), QStringLiteral("\u25CF"));
  EXPECT_EQ(text(model, 1, LandscapeProbeModel::loss), QStringLiteral("\u2013"));
  EXPECT_EQ(model.index(0, LandscapeProbeModel::origin).data(Qt::ToolTipRole).toString(), QStringLiteral("computed: a grid point"));
}

}  // namespace
}  // namespace ui
