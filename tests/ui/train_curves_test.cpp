// SPDX-License-Identifier: GPL-3.0-or-later
// What the Train page makes of runs: curves, the line of stability, costs, changes by hand.
#include <gtest/gtest.h>

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>

#include "ui/charts/curves_chart.h"
#include "ui/forms/field_editor.h"
#include "ui/forms/run_cost.h"
#include "ui/pages/adjust_panel.h"
#include "ui/pages/train_board.h"
#include "ui/workspace/live_training.h"
#include "ui/workspace/run_details.h"
#include "ui/workspace/stability_edge.h"

namespace ui {
namespace {

/// Four steps of two gradients, two epochs, everything that a run can have.
SessionRun fullRun(const std::string& folder = "full") {
  SessionRun run;
  run.folder = folder;
  run.name = QString::fromStdString(folder);
  run.state = RunState::completed;
  run.spec.data = "digits";
  run.spec = trainer::resolve(run.spec, nullptr);
  run.totalSteps = 4;
  run.spec.epochs = 2;
  for (int i = 1; i <= 4; ++i)
    run.record.stepRecords.push_back({.step = i, .epoch = i / 2.0, .loss = 1.0 / i, .gradientNorm = 2.0 / i, .learningRate = 0.05 / i, .seconds = 0.25 * i, .gradientEvaluations = 2 * i});
  run.record.steps = 4, run.record.seconds = 1;
  for (int step : {0, 2, 4}) {
    run.record.evaluations.push_back({.step = step, .trainLoss = 1, .testLoss = 1, .testAccuracy = 0.5 + 0.1 * step, .validationLoss = 1, .validationAccuracy = 0.5});
    run.record.emaEvaluations.push_back({.step = step, .testAccuracy = 0.75});
    run.record.curvature.push_back({.step = step, .lambdaMax = 10.0 + step, .residual = 0.01, .products = 8, .samples = 512, .seconds = 0.125});
  }
  run.record.curvature.back().residual = 3;  // over a tenth
  run.record.events = {{.step = 3, .name = "learning_rate", .value = 0.02}};
  return run;
}

SessionRun gradientDescent() {
  SessionRun run = fullRun();
  run.spec.batchSize = trainer::kAllItems;
  run.spec.momentum = 0;
  return run;
}

struct Looks {
  Theme theme;
  RunLooks looks{theme};
};

TEST(TrainCurves, haveEverythingOverEveryAxis) {
  Looks l;
  Session session;
  session.add(fullRun());
  const TrainCurves steps = trainCurves(session, l.looks, Abscissa::step, 0.5);
  EXPECT_EQ(steps.loss.curves[0].points[1], QPointF(2, 0.5));
  ASSERT_EQ(steps.accuracy.curves.size(), 3u) << "test, validation, EMA";
  EXPECT_EQ(steps.accuracy.curves[0].points, (std::vector<QPointF>{{2, 70}, {4, 90}}));
  EXPECT_TRUE(steps.accuracy.curves[1].second && steps.accuracy.curves[2].second);
  EXPECT_LT(steps.accuracy.curves[2].look.colour.alphaF(), 0.9);
  EXPECT_TRUE(steps.validation && steps.averages);
  EXPECT_EQ(steps.curvature.curves[0].points, (std::vector<QPointF>{{0, 10}, {2, 12}, {4, 14}}));
  EXPECT_EQ(steps.curvature.curves[0].residuals.size(), 3u);
  for (const CurvesPicture* picture : {&steps.loss, &steps.accuracy, &steps.gradient, &steps.curvature}) ASSERT_EQ(picture->events.size(), 1u);
  EXPECT_EQ(steps.loss.events[0].x, 3);
  EXPECT_TRUE(steps.loss.events[0].text.contains(QStringLiteral("0.02 from step 3")));
  const std::pair<Abscissa, double> last[] = {{Abscissa::epoch, 2}, {Abscissa::seconds, 1}, {Abscissa::gradients, 8}};
  for (const auto& [abscissa, x] : last) {
    const TrainCurves curves = trainCurves(session, l.looks, abscissa, 0.5);
    for (const CurvesPicture* picture : {&curves.loss, &curves.accuracy, &curves.gradient, &curves.curvature}) EXPECT_EQ(picture->curves[0].points.back().x(), x);
  }
}

TEST(TrainCurves, theStepsOfAResumedRunMayStartAnywhere) {
  Looks l;
  Session session;
  SessionRun run = fullRun();
  run.record.stepRecords.erase(run.record.stepRecords.begin());
  session.add(run);
  const TrainCurves curves = trainCurves(session, l.looks, Abscissa::gradients, 0);
  EXPECT_EQ(curves.accuracy.curves[0].points[0].x(), 4) << "at step 2, not at the second record";
}

TEST(CurvesChart, anUnsettledCurvatureIsHollowAndHasABar) {
  Looks l;
  Session session;
  session.add(gradientDescent());
  CurvesChart chart;
  chart.show(trainCurves(session, l.looks, Abscissa::step, 0).curvature);
  int filled = 0, hollow = 0, bars = 0;
  for (const QAbstractSeries* series : chart.chart()->series()) {
    if (const auto* marks = qobject_cast<const QScatterSeries*>(series)) (marks->pen().style() == Qt::NoPen ? filled : hollow) += marks->count();
    else if (const auto* bar = qobject_cast<const QLineSeries*>(series); bar->count() == 2 && bar->at(0).x() == 4 && bar->at(1) == QPointF(4, 17)) ++bars;
  }
  EXPECT_EQ(filled, 2);
  EXPECT_EQ(hollow, 1);
  EXPECT_EQ(bars, 1);
}

// Where each holds: tests/trainer/stability_edge_test.cpp.
TEST(StabilityEdge, takesItemsAndSamplesFromTheSession) {
  SessionRun run = gradientDescent();
  EXPECT_EQ(stabilityEdge(run).measure, "lambda-max") << "512 samples where 1,024 are asked for are all";
  run.record.curvature.back().samples = 1024;
  EXPECT_EQ(stabilityEdge(run).measure, "");
  run.spec.batchSize = 1442;  // all the digits
  run.record.curvature.back().samples = 1442;
  EXPECT_EQ(stabilityEdge(run).measure, "lambda-max");
  run.spec.batchSize = 64;
  EXPECT_EQ(stabilityEdge(run).measure, "batch-sharpness");
}

TEST(StabilityEdge, isDrawnAlongTheSchedule) {
  Looks l;
  Session session;
  session.add(gradientDescent());
  const TrainCurves curves = trainCurves(session, l.looks, Abscissa::step, 0);
  ASSERT_EQ(curves.curvature.limits.size(), 1u);
  EXPECT_EQ(curves.curvature.limits[0].points, (std::vector<QPointF>{{1, 40}, {2, 80}, {3, 2 / (0.05 / 3)}, {4, 160}}));
  EXPECT_TRUE(curves.noEdge.isEmpty());
  Session other;
  other.add(fullRun());
  EXPECT_TRUE(trainCurves(other, l.looks, Abscissa::step, 0).curvature.limits.empty());
  EXPECT_EQ(trainCurves(other, l.looks, Abscissa::step, 0).noEdge.size(), 1);
}

/// A run that tracks the batch sharpness too, by mini-batches.
SessionRun stochasticDescent() {
  SessionRun run = gradientDescent();
  run.spec.batchSize = 64;
  for (trainer::CurvatureRecord& c : run.record.curvature)
    c.more = {{.name = "lambda-min", .value = -1.0 - static_cast<double>(c.step), .error = 0.5, .products = 20, .items = 512, .seconds = 0.25},
              {.name = "batch-sharpness", .value = 20.0 + static_cast<double>(c.step), .error = 2, .products = 20, .gradients = 20, .items = 64, .seconds = 0.125}};
  return run;
}

TEST(TrainCurves, showTheTrackedQuantityThatIsChosenAndItsOwnEdge) {
  Looks l;
  Session session;
  session.add(stochasticDescent());
  EXPECT_EQ(trackedMeasures(session), (std::vector<std::string>{"lambda-max", "lambda-min", "batch-sharpness"}));
  const TrainCurves batch = trainCurves(session, l.looks, Abscissa::step, 0, "batch-sharpness");
  EXPECT_EQ(batch.curvature.curves[0].points, (std::vector<QPointF>{{0, 20}, {2, 22}, {4, 24}}));
  EXPECT_EQ(batch.curvature.curves[0].residuals, (std::vector<double>{2, 2, 2}));
  ASSERT_EQ(batch.curvature.limits.size(), 1u);
  EXPECT_EQ(batch.curvature.limits[0].points.front(), QPointF(1, 40));
  EXPECT_TRUE(batch.curvature.yTitle.startsWith(QStringLiteral("batch sharpness")));
  const TrainCurves top = trainCurves(session, l.looks, Abscissa::step, 0);
  EXPECT_TRUE(top.curvature.limits.empty());
  ASSERT_EQ(top.noEdge.size(), 1);
  EXPECT_TRUE(top.noEdge[0].contains(QStringLiteral("batch sharpness"))) << top.noEdge[0].toStdString();
  const TrainCurves bottom = trainCurves(session, l.looks, Abscissa::step, 0, "lambda-min");
  EXPECT_FALSE(bottom.curvature.logY) << "it is negative";
  EXPECT_EQ(bottom.curvature.curves[0].points.back(), QPointF(4, -5));
  EXPECT_TRUE(bottom.noEdge.isEmpty());
}

TEST(TrainBoard, offersWhatIsTrackedAndSaysWhatItCosts) {
  Looks l;
  TrainBoard board(l.looks);
  auto* measures = board.findChild<QComboBox*>(QStringLiteral("trackedMeasure"));
  Session plain;
  plain.add(fullRun());
  board.show(plain, {.problem = {}});
  EXPECT_TRUE(measures->isHidden()) << "nothing to choose";
  Session session;
  session.add(stochasticDescent());
  board.show(session, {.problem = {}});
  EXPECT_FALSE(measures->isHidden());
  ASSERT_EQ(measures->count(), 3);
  measures->setCurrentIndex(2);
  QSignalSpy changed(&board, &TrainBoard::measureChanged);
  emit measures->activated(2);
  EXPECT_EQ(changed.size(), 1);
  board.show(session, {.problem = {}});
  EXPECT_EQ(board.curvatureChart()->curves()[0].points.back(), QPointF(4, 24));
  QStringList words;
  for (const QLabel* label : board.findChildren<QLabel*>()) words << label->text();
  // 3 times 0.125 s of 1 s of training, 3 times 0.125 s of lambda_max, 0.25 s of lambda_min and 0.125 s of itself
  EXPECT_TRUE(words.contains(QStringLiteral("N 64 \u00B7 20 products \u00B7 20 gradients each \u00B7 15.0 % of the time"))) << words.join(QLatin1Char('|')).toStdString();
  board.show(plain, {.problem = {}});
  EXPECT_EQ(board.curvatureChart()->curves()[0].points.back(), QPointF(4, 14)) << "back to what there is";
}

TEST(RunCost, isThePaceOfARunLikeIt) {
  SessionRun run = fullRun("SGD");  // 8 gradients in 1 s
  trainer::RunSpec wanted = run.spec;
  wanted.sharpness = "sam", wanted.epochs = 10;
  wanted = trainer::resolve(wanted, nullptr);
  RunCost cost = costOf(wanted, {run}, 1);
  EXPECT_EQ(cost.gradientsPerStep, 2);
  EXPECT_EQ(cost.steps, 230);  // ceil(1442 / 64) = 23 an epoch
  ASSERT_TRUE(cost.seconds.has_value());
  EXPECT_DOUBLE_EQ(*cost.seconds, 230 * 2 / 8.0);
  EXPECT_EQ(costText(cost), QStringLiteral("2.00 gradients a step, 230 steps, about 58 s at the pace of SGD"));
  EXPECT_FALSE(costOf(wanted, {}, 1).seconds.has_value());
  run.spec.threads = 2;
  EXPECT_FALSE(costOf(wanted, {run}, 1).seconds.has_value()) << "another number of threads";
  EXPECT_TRUE(costOf(wanted, {run}, 2).seconds.has_value()) << "0 stands for the session's";
  run.spec.model = "mlp:64-8-10";
  EXPECT_FALSE(costOf(wanted, {run}, 2).seconds.has_value());
  wanted.batchSize = trainer::kAllItems;
  EXPECT_EQ(costOf(wanted, {}, 1).steps, 10);
}

TEST(RunCost, takesTheStepsOfOtherDataFromARun) {
  SessionRun run = fullRun();
  run.spec.data = "idx:/m";
  run.spec.batchSize = 100;
  trainer::RunSpec wanted = run.spec;
  EXPECT_FALSE(costOf(wanted, {}, 1).steps.has_value());
  EXPECT_EQ(costOf(wanted, {run}, 1).steps, 4);
  wanted.batchSize = 50;
  EXPECT_EQ(costOf(wanted, {run}, 1).steps, 8);
  EXPECT_TRUE(costOf(wanted, {run}, 1).aboutSteps);
}

TEST(AdjustPanel, asksForWhatDiffersOnly) {
  AdjustPanel panel;
  SessionRun run = fullRun();
  run.spec.sharpness = "penalty";
  run.spec = trainer::resolve(run.spec, nullptr);
  panel.setRun(run);
  EXPECT_EQ(panel.editor(QStringLiteral("learning_rate"))->text(), QStringLiteral("0.02")) << "the last change by hand";
  EXPECT_EQ(panel.editor(QStringLiteral("alpha"))->text(), QStringLiteral("0.8"));
  QSignalSpy applied(&panel, &AdjustPanel::applied);
  auto* apply = panel.findChild<QPushButton*>(QStringLiteral("applyChanges"));
  apply->click();
  EXPECT_EQ(applied.size(), 0);
  panel.editor(QStringLiteral("rho"))->setText(QStringLiteral("0.3"));
  apply->click();
  ASSERT_EQ(applied.size(), 1);
  EXPECT_EQ(applied[0][0].value<std::string>(), "rho");
  EXPECT_EQ(applied[0][1].toDouble(), 0.3);
  panel.editor(QStringLiteral("alpha"))->setText(QStringLiteral("a lot"));
  apply->click();
  EXPECT_EQ(applied.size(), 1);
  run.spec.sharpness = "none";
  panel.setRun(run);
  EXPECT_FALSE(panel.editor(QStringLiteral("rho"))->isVisibleTo(&panel));
}

TEST(LiveTraining, newsOfAResumedRunReplaceWhatWasBehindItsCheckpoint) {
  LiveTraining live;
  const trainer::TrainObserver observer = live.observer();
  trainer::RunRecord record = fullRun().record;
  observer.step({.step = 3, .epoch = 1.5, .loss = 9});
  observer.evaluation({.step = 4, .testAccuracy = 0.25});
  observer.curvature({.step = 4, .lambdaMax = 7});
  observer.event({.step = 3, .name = "learning_rate", .value = 0.02});
  observer.event({.step = 3, .name = "rho", .value = 0.2});
  addNews(record, live.take());
  EXPECT_TRUE(live.take().empty());
  ASSERT_EQ(record.stepRecords.size(), 3u);
  EXPECT_EQ(record.stepRecords.back().loss, 9);
  EXPECT_EQ(record.steps, 3);
  ASSERT_EQ(record.evaluations.size(), 3u);
  EXPECT_EQ(record.evaluations.back().testAccuracy, 0.25);
  ASSERT_EQ(record.curvature.size(), 3u);
  EXPECT_EQ(record.curvature.back().lambdaMax, 7);
  EXPECT_EQ(record.events.size(), 2u) << "the replayed one is not there twice";
}

TEST(TrainBoard, showsTheLatestValuesAndTheButtonsThatMakeSense) {
  Looks l;
  TrainBoard board(l.looks);
  Session session;
  session.add(fullRun());
  board.show(session, {.problem = {}});
  EXPECT_EQ(board.curvatureChart()->curves().size(), 1u);
  EXPECT_EQ(board.table()->index(0, RunTableModel::validationAccuracy).data().toString(), QStringLiteral("50.00"));
  EXPECT_EQ(board.table()->index(0, RunTableModel::lambdaMax).data().toString(), QStringLiteral("14"));
  const auto enabled = [&](const char* name) { return board.findChild<QWidget*>(QString::fromLatin1(name))->isEnabled(); };
  EXPECT_TRUE(enabled("startTraining"));
  EXPECT_FALSE(enabled("pauseTraining") || enabled("stopTraining") || enabled("resumeTraining") || enabled("adjustTraining"));
  board.show(session, {.live = session.selected(), .problem = QStringLiteral("no")});
  EXPECT_FALSE(enabled("startTraining"));
  EXPECT_TRUE(enabled("pauseTraining") && enabled("stopTraining") && enabled("adjustTraining"));
  board.show(session, {.stopped = session.selected(), .problem = {}});
  EXPECT_TRUE(enabled("resumeTraining"));
}

TEST(RunDetails, nameEveryMethod) {
  const auto valueOf = [](const SessionRun& run, const char* name) {
    for (const auto& [key, value] : runDetails(run))
      if (key == QString::fromUtf8(name)) return value;
    return QString();
  };
  SessionRun run = fullRun();
  run.spec.optimizer = "adamw", run.spec.weightDecay = 0.01, run.spec.sharpness = "penalty";
  run.spec.learningRate.reset(), run.spec.weightDecayMode.reset();
  run.spec = trainer::resolve(run.spec, nullptr);
  EXPECT_EQ(valueOf(run, "Optimizer"), QStringLiteral("AdamW \u00B7 \u03B2 0.9, 0.999 \u00B7 decay 0.01"));
  EXPECT_EQ(valueOf(run, "Sharpness"), QStringLiteral("penalty \u00B7 \u03C1 0.1 \u00B7 \u03B1 0.8 \u00B7 \u03BB 0.08"));
  EXPECT_EQ(valueOf(run, "Validation"), QStringLiteral("50.00 % \u00B7 loss 1"));
  EXPECT_EQ(valueOf(run, "\u03BBmax"), QStringLiteral("14, residual 3"));
  EXPECT_TRUE(valueOf(run, "By hand").contains(QStringLiteral("0.02")));
  run.spec.batchSize = trainer::kAllItems;
  EXPECT_TRUE(valueOf(run, "Epochs").endsWith(QStringLiteral("batch all")));
}

}  // namespace
}  // namespace ui
