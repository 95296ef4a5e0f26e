// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QChart>
#include <QComboBox>
#include <QScatterSeries>

#include "ui/pages/curvature_board.h"
#include "ui/pages/invariance_view.h"
#include "ui/pages/sharpness_view.h"

namespace ui {
namespace {

std::shared_ptr<const analysis::SharpnessResult> curves() {
  auto result = std::make_shared<analysis::SharpnessResult>();
  analysis::Sharpness& s = result->sharpness;
  s.samples = 1442, s.lossValue = 0.03, s.gradientNorm = 0.1, s.parameterNorm = 8;
  for (const double rho : {0.1, 0.2}) {
    s.measures.push_back({.kind = "worst", .norm = "l2", .adaptive = false, .rho = rho, .value = rho * rho, .start = "gradient", .lastGain = 0.01});
    s.measures.push_back({.kind = "average", .norm = "l2", .adaptive = true, .rho = rho, .value = rho, .standardError = 0.1 * rho, .draws = 32, .start = {}});
  }
  s.penaltyApproximation = {{.rho = 0.5, .relativeError = 0.2, .cosine = 1}, {.rho = 0.001, .relativeError = 0.01, .cosine = 1}};
  s.pacBayes = {{.adaptive = false, .target = 0.1, .sigma = 0.0125, .standardError = 0.001}};
  return result;
}

std::shared_ptr<const analysis::InvarianceResult> lab() {
  auto result = std::make_shared<analysis::InvarianceResult>();
  const auto badge = [](const char* measure, double before, double after, bool claimed, bool earned) {
    return analysis::InvarianceBadge{.measure = measure, .before = before, .beforeError = 0.01, .after = after, .afterError = 0.01, .tolerance = 0.04, .claimed = claimed, .earned = earned};
  };
  result->invariance.outcomes = {{.transform = "scale-layers", .layers = "fc1 -> fc2", .keeps = "outputs", .strength = 4, .largestDifference = 1e-6, .largestOutput = 9, .verified = true,
                                  .badges = {badge("lambda_max", 3, 40, false, false), badge("worst_adaptive", 0.5, 0.5, true, true), badge("trace", 7, 7, false, true)}},
                                 {.transform = "permute", .layers = "fc1", .keeps = "outputs", .strength = 1, .largestDifference = 5, .largestOutput = 9, .verified = false, .badges = {}}};
  return result;
}

QString text(const QAbstractItemModel& model, int row, int column) { return model.index(row, column).data().toString(); }

TEST(SharpnessCurves, areTakenApartByKindNormAndScale) {
  const auto result = curves();
  const analysis::Sharpness& s = result->sharpness;
  const std::vector<SharpnessCurveKey> keys = curvesIn(s);
  ASSERT_EQ(keys.size(), 2u);
  EXPECT_EQ(curveName(keys[0]), QStringLiteral("worst case, \u2113\u2082"));
  EXPECT_EQ(curveName(keys[1]), QStringLiteral("average, adaptive"));
  const BandCurve worst = riseCurve(s, keys[0], QStringLiteral("SGD"), {});
  EXPECT_EQ(worst.points, (std::vector<QPointF>{{0.1, 0.1 * 0.1}, {0.2, 0.2 * 0.2}}));
  EXPECT_TRUE(worst.errors.empty()) << "one group has no standard error";
  EXPECT_EQ(riseCurve(s, keys[1], {}, {}).errors, (std::vector<double>{0.1 * 0.1, 0.1 * 0.2}));
  EXPECT_EQ(penaltyCurve(s, {}, {}).points.front(), QPointF(0.001, 0.01)) << "over a growing radius";
}

TEST(SharpnessModel, aRowAMeasureWithItsError) {
  SharpnessModel model;
  const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
  model.setResult(curves());
  ASSERT_EQ(model.rowCount(), 4);
  EXPECT_EQ(text(model, 0, SharpnessModel::error), QStringLiteral("\u2013"));
  EXPECT_EQ(text(model, 0, SharpnessModel::quality), QStringLiteral("1 %"));
  EXPECT_EQ(text(model, 1, SharpnessModel::error), QStringLiteral("0.01"));
  EXPECT_TRUE(model.index(0, SharpnessModel::value).data(Qt::ToolTipRole).toString().contains(QStringLiteral("lower bound")));
}

TEST(SharpnessFigures, whatWasNotMeasuredIsADash) {
  SharpnessFiguresModel model;
  const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
  model.setRows({{.name = QStringLiteral("SGD"), .swatch = {}, .result = curves()}});
  EXPECT_EQ(text(model, 0, SharpnessFiguresModel::gradient), QStringLiteral("0.1"));
  EXPECT_EQ(text(model, 0, SharpnessFiguresModel::flatness), QStringLiteral("\u2013"));
  EXPECT_EQ(text(model, 0, SharpnessFiguresModel::sigma), QStringLiteral("0.0125"));
}

TEST(SharpnessView, drawsTheChosenCurveOfEveryRun) {
  SharpnessView view;
  const std::vector<BoardRun> runs{{.folder = "a", .name = QStringLiteral("SGD"), .swatch = {}, .look = {}, .measurable = true, .waiting = {}, .curvature = {}},
                                   {.folder = "b", .name = QStringLiteral("SAM"), .swatch = {}, .look = {}, .measurable = true, .waiting = {}, .curvature = {}}};
  view.show(runs, {{"a", curves()}, {"b", curves()}}, "a");
  const auto points = [&] {
    int count = 0;
    for (QAbstractSeries* series : view.rises()->chart()->series())
      if (auto* marks = qobject_cast<QScatterSeries*>(series)) count += marks->count();
    return count;
  };
  EXPECT_EQ(view.curve()->count(), 2);
  EXPECT_EQ(points(), 4);
  EXPECT_EQ(view.figures()->rowCount(), 2);
  EXPECT_EQ(view.measures()->rowCount(), 4);
  view.curve()->setCurrentIndex(1);
  EXPECT_EQ(points(), 4);
  view.show(runs, {{"a", curves()}}, "b");
  EXPECT_EQ(points(), 2);
  EXPECT_EQ(view.measures()->rowCount(), 0) << "nothing was measured of it";
}

TEST(InvarianceMatrix, everyBadgeIsOneOfFour) {
  InvarianceMatrix model;
  const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
  model.setResult(lab());
  ASSERT_EQ(model.rowCount(), 3);
  ASSERT_EQ(model.columnCount(), 3);
  EXPECT_EQ(text(model, 0, 0), QStringLiteral("\u03BBmax"));
  EXPECT_EQ(text(model, 0, 1), QStringLiteral("\u2717"));
  EXPECT_EQ(text(model, 1, 1), QStringLiteral("\u2713"));
  EXPECT_EQ(text(model, 2, 1), QStringLiteral("(\u2713)"));
  EXPECT_EQ(text(model, 0, 2), QStringLiteral("\u2013")) << "the outputs were not the same: nothing is claimed";
  EXPECT_EQ(badgeOf({.measure = {}, .claimed = true, .earned = false}), Badge::broken);
}

TEST(InvarianceView, saysWhetherTheFunctionIsTheSame) {
  InvarianceView view;
  const QAbstractItemModelTester tester(view.measures(), QAbstractItemModelTester::FailureReportingMode::Fatal);
  view.show(QStringLiteral("SGD"), lab());
  EXPECT_TRUE(view.verified().startsWith(QStringLiteral("outputs unchanged"))) << view.verified().toStdString();
  ASSERT_EQ(view.measures()->rowCount(), 3);
  EXPECT_EQ(text(*view.measures(), 0, InvarianceModel::ratio), QStringLiteral("13.33"));
  view.findChild<QComboBox*>(QStringLiteral("outcome"))->setCurrentIndex(1);
  EXPECT_TRUE(view.verified().startsWith(QStringLiteral("another function"))) << view.verified().toStdString();
  EXPECT_EQ(view.measures()->rowCount(), 0);
}

TEST(CurvatureBoard, everyViewExportsItsOwnResult) {
  CurvatureBoard board;
  board.setRuns({{.folder = "a", .name = QStringLiteral("SGD"), .swatch = {}, .look = {}, .measurable = true, .waiting = {}, .curvature = {}}});
  board.setSharpness("a", curves());
  board.setInvariance("a", lab());
  EXPECT_EQ(board.exportable(), nullptr);
  board.setView(CurvatureBoard::sharpnessView);
  ASSERT_NE(board.exportable(), nullptr);
  EXPECT_TRUE(std::holds_alternative<analysis::SharpnessResult>(*board.exportable()));
  board.setView(CurvatureBoard::invarianceView);
  EXPECT_TRUE(std::holds_alternative<analysis::InvarianceResult>(*board.exportable()));
}

}  // namespace
}  // namespace ui
