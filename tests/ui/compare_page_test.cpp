// SPDX-License-Identifier: GPL-3.0-or-later
// The Compare page without a screen: table, settings, copies, seeds, study, state. Runs are made up; nothing is trained.
#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <memory>
#include <set>

#include "ui/pages/compare_page.h"
#include "ui/pages/compare_text.h"
#include "ui/pages/frozen_table.h"
#include "ui/theme/theme.h"
#include "ui/workspace/more_seeds.h"
#include "ui/workspace/workbench.h"

namespace ui {
namespace {

class ComparePageTest : public testing::Test {
 protected:
  ComparePageTest() : workbench(session, jobs, folder.path().toStdString()), looks(theme), page({session, workbench, jobs, theme, looks}) {}

  /// A trained run with these losses and a largest eigenvalue (0: not measured).
  void add(const std::string& name, const std::string& sharpness, std::uint64_t seed, double trainLoss, double testLoss, double lambda = 0) {
    SessionRun run;
    run.folder = "/runs/" + name;
    run.name = QString::fromStdString(name);
    run.spec.data = "digits";
    run.spec.sharpness = sharpness;
    run.spec.seed = seed;
    run.spec = trainer::resolve(run.spec, nullptr);
    run.state = RunState::completed;
    run.totalSteps = 4;
    run.record.status = trainer::RunStatus::completed;
    run.record.steps = 4;
    run.record.trainItems = 1442;
    run.record.seconds = 2;
    for (std::int64_t s = 1; s <= 4; ++s)
      run.record.stepRecords.push_back({.step = s, .epoch = 0.25 * static_cast<double>(s), .loss = 1, .gradientNorm = 0.5, .seconds = 0.5 * static_cast<double>(s), .gradientEvaluations = s * (sharpness == "none" ? 1 : 2)});
    for (const std::int64_t step : {0, 4}) run.record.evaluations.push_back({.step = step, .trainLoss = step == 0 ? 2.3 : trainLoss, .trainAccuracy = 0.99, .testLoss = step == 0 ? 2.3 : testLoss, .testAccuracy = 0.975});
    if (lambda > 0) {
      auto spectrum = std::make_shared<analysis::SpectrumResult>();
      spectrum->spec.measure.run = run.folder;
      spectrum->spectrum.step = 4;
      spectrum->spectrum.samples = 1442;
      spectrum->spectrum.top.push_back({.value = lambda, .residual = 1e-3, .converged = true});
      spectrum->spectrum.bottom.push_back({.value = -0.1, .residual = 1e-3, .converged = true});
      run.add(spectrum);
    }
    session.add(run);
  }

  CompareModel& table() { return *page.board()->table()->model(); }
  QString cell(const QString& measure, int column) {
    for (int r = 0; r < table().rowCount(); ++r)
      if (table().index(r, CompareModel::measure).data().toString() == measure) return table().index(r, column).data().toString();
    return QStringLiteral("no such row");
  }
  void three() {
    add("SGD", "none", 0, 0.004, 0.08, 40);
    add("SAM", "sam", 0, 0.006, 0.05, 10);
    add("penalty", "penalty", 0, 0.008, 0.04, 5);
    page.refresh();
  }

  QTemporaryDir folder;
  Theme theme;
  Session session;
  JobQueue jobs;
  Workbench workbench;
  RunLooks looks;
  ComparePage page;
  std::unique_ptr<QWidget> board{page.board()};  ///< the window owns it otherwise
};

TEST(CompareText, numbersHaveAsManySignificantDigitsAsAskedFor) {
  EXPECT_EQ(significant(97.5, 4), QStringLiteral("97.50"));
  EXPECT_EQ(significant(0.003112, 4), QStringLiteral("0.003112"));
  EXPECT_EQ(significant(9.9996, 4), QStringLiteral("10.00")) << "rounding may carry";
  EXPECT_EQ(significant(12675, 4), QStringLiteral("12,675"));
  EXPECT_EQ(significant(-1.5, 2), QStringLiteral("\u22121.5"));
  EXPECT_EQ(significant(1.2e-7, 2), QStringLiteral("1.2e\u221207"));
  EXPECT_EQ(significant(0, 4), QStringLiteral("0"));
  EXPECT_EQ(significant(std::nan(""), 4), QStringLiteral("\u2013"));
}

TEST_F(ComparePageTest, withoutTwoRunsItSaysWhatIsNeeded) {
  page.refresh();
  EXPECT_EQ(page.result(), nullptr);
  EXPECT_EQ(table().rowCount(), 0);
  add("SGD", "none", 0, 0.004, 0.08);
  page.refresh();
  EXPECT_EQ(page.result(), nullptr);
  EXPECT_EQ(page.command(), QString());
  add("SAM", "sam", 0, 0.006, 0.05);
  page.refresh();
  EXPECT_NE(page.result(), nullptr);
}

TEST_F(ComparePageTest, valuesDifferencesAndRatiosOfThreeRuns) {
  three();
  QAbstractItemModelTester tester(&table(), QAbstractItemModelTester::FailureReportingMode::Fatal);
  ASSERT_EQ(table().columnCount(), 3 + 1 + 3 + 3) << "the baseline has no difference to itself";
  EXPECT_EQ(cell(QStringLiteral("\u03BBmax"), 3), QStringLiteral("40.00 \u00B1 0.0010"));
  EXPECT_EQ(cell(QStringLiteral("\u03BBmax"), CompareModel::error), QStringLiteral("residual"));
  EXPECT_EQ(cell(QStringLiteral("\u03BBmax"), 5), QStringLiteral("\u221230.00"));
  EXPECT_EQ(cell(QStringLiteral("\u03BBmax"), 6), QStringLiteral("\u00D7 0.250 ?")) << "one seed each: a fact about these models";
  EXPECT_EQ(cell(QStringLiteral("Gradients a step"), 4), QStringLiteral("2"));
  EXPECT_EQ(cell(QStringLiteral("Steps"), 6), QStringLiteral("the same"));
  EXPECT_EQ(table().headerData(3, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("SGD"));
  page.board()->toolBar()->setDigits(6);
  EXPECT_EQ(cell(QStringLiteral("Train loss"), 3), QStringLiteral("0.00400000"));
}

TEST_F(ComparePageTest, theBaselineIsTheSessionsAndHiddenRunsAreLeftOut) {
  three();
  session.setBaseline("/runs/penalty");
  page.refresh();
  EXPECT_EQ(table().headerData(3, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("penalty"));
  EXPECT_EQ(cell(QStringLiteral("\u03BBmax"), 6), QStringLiteral("\u00D7 8.00 ?"));
  session.update("/runs/SAM", [](SessionRun& run) { run.visible = false; });
  page.refresh();
  EXPECT_EQ(table().columnCount(), 3 + 1 + 3);
  EXPECT_FALSE(page.command().contains(QStringLiteral("/runs/SAM")));
  EXPECT_TRUE(page.command().startsWith(QStringLiteral("sharpscape compare"))) << page.command().toStdString();
}

TEST_F(ComparePageTest, aMissingMeasureIsSaidToBeMissing) {
  add("SGD", "none", 0, 0.004, 0.08, 40);
  add("SAM", "sam", 0, 0.006, 0.05);
  page.refresh();
  EXPECT_EQ(cell(QStringLiteral("\u03BBmax"), 4), QStringLiteral("not measured"));
  EXPECT_TRUE(page.board()->table()->footer().contains(QStringLiteral("\u03BBmax")));
}

TEST_F(ComparePageTest, settingsThatDifferAndAll) {
  three();
  SettingsCard& card = *page.board()->settings();
  QAbstractItemModelTester tester(card.model(), QAbstractItemModelTester::FailureReportingMode::Fatal);
  const int differing = card.model()->rowCount();
  EXPECT_EQ(differing, card.model()->differing());
  EXPECT_EQ(card.model()->index(0, 0).data().toString(), QStringLiteral("Mode"));
  EXPECT_EQ(card.model()->index(0, 2).data().toString(), QStringLiteral("SAM"));
  card.setDifferencesOnly(false);
  EXPECT_GT(card.model()->rowCount(), differing + 10);
  EXPECT_EQ(card.summary(), QStringLiteral("%1 of %2 differ").arg(differing).arg(card.model()->rowCount()));
}

TEST_F(ComparePageTest, copiesHaveFullPrecisionAndTheSelectionsShape) {
  add("SGD", "none", 0, 0.1 + 0.2, 0.8);
  add("SAM", "sam", 0, 0.6, 0.5);
  page.refresh();
  EXPECT_TRUE(page.board()->table()->wholeText().contains(QStringLiteral("0.30000000000000004")));
  emit page.board()->table()->copyRequested(CompareTableCard::Format::markdown);
  EXPECT_TRUE(QApplication::clipboard()->text().contains(QStringLiteral("|"))) << QApplication::clipboard()->text().toStdString();
  emit page.board()->table()->copyRequested(CompareTableCard::Format::latex);
  EXPECT_TRUE(QApplication::clipboard()->text().contains(QStringLiteral("\\toprule")));
  emit page.board()->table()->copyRequested(CompareTableCard::Format::csv);
  EXPECT_TRUE(QApplication::clipboard()->text().contains(QStringLiteral("sharpscape compare")));
  FrozenTable& view = *page.board()->table()->table();
  view.selectionModel()->select(QItemSelection(table().index(0, 3), table().index(1, 4)), QItemSelectionModel::Select);
  EXPECT_EQ(page.board()->table()->selectionText().count(QLatin1Char('\t')), 2);
  EXPECT_EQ(page.board()->table()->selectionText().count(QLatin1Char('\n')), 1);
}

TEST_F(ComparePageTest, seedsOfASettingAreOneColumnAndCanBeSeenApart) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    add("SGD" + std::to_string(seed), "none", seed, 0.004 + 0.0001 * static_cast<double>(seed), 0.08);
    add("SAM" + std::to_string(seed), "sam", seed, 0.014 + 0.0001 * static_cast<double>(seed), 0.05);
  }
  page.refresh();
  ASSERT_EQ(table().columnCount(), 3 + 1 + 3);
  EXPECT_TRUE(table().headerData(3, Qt::Horizontal, Qt::DisplayRole).toString().endsWith(QStringLiteral(", 5 seeds")));
  EXPECT_EQ(cell(QStringLiteral("Train loss"), CompareModel::error), QStringLiteral("seeds"));
  EXPECT_TRUE(cell(QStringLiteral("Train loss"), 6).startsWith(QStringLiteral("\u00D7 "))) << "far beyond the deviation over seeds";
  EXPECT_FALSE(cell(QStringLiteral("Train loss"), 6).contains(QLatin1Char('?')));
  page.board()->table()->setSeedsApart(true);
  EXPECT_EQ(table().columnCount(), 3 + 1 + 3 + 10);
  const CurvesPicture curves = compareCurves(session, compareEntries(session, looks, true), CurveQuantity::trainLoss, Abscissa::step, 0);
  ASSERT_EQ(curves.curves.size(), 12u) << "two means and ten runs behind them";
  const RunCurve& mean = curves.curves[5];
  ASSERT_EQ(mean.points.size(), 2u);
  EXPECT_NEAR(mean.points[1].y(), 0.0042, 1e-12);
  EXPECT_NEAR(mean.band[1], 1e-4 * std::sqrt(2.5), 1e-12) << "sample deviation of 0..4";
}

TEST_F(ComparePageTest, moreSeedsGiveEverySettingTheSameOnes) {
  add("SGD", "none", 3, 0.004, 0.08);
  add("SAM", "sam", 3, 0.006, 0.05);
  add("SAM2", "sam", 7, 0.006, 0.05);
  const MoreSeeds more = moreSeeds(session, compareEntries(session, looks, true), 5);
  EXPECT_EQ(more.each, 4);
  ASSERT_EQ(more.runs.size(), 4u + 3u);
  std::multiset<std::uint64_t> plain;
  for (const MoreSeeds::Run& run : more.runs)
    if (run.spec.sharpness == "none") plain.insert(run.spec.seed);
  EXPECT_EQ(plain, (std::multiset<std::uint64_t>{7, 8, 9, 10}));
  EXPECT_DOUBLE_EQ(more.seconds, 14);
}

TEST_F(ComparePageTest, fortyRunsAndAStudyOfThem) {
  for (int i = 0; i < 40; ++i) {
    add("run" + std::to_string(i), "none", 0, 0.004, 0.01 * (i + 1), i + 1.0);
    session.update("/runs/run" + std::to_string(i), [i](SessionRun& r) { r.spec.learningRate = 0.01 * (i + 1); });
  }
  page.refresh();
  EXPECT_EQ(table().columnCount(), 3 + 1 + 39 * 3);
  page.board()->toolBar()->setView(CompareToolBar::studyView);
  StudyView& study = *page.board()->study();
  ASSERT_TRUE(QTest::qWaitFor([&] { return study.model()->rowCount() > 0; }, 30'000)) << study.why().toStdString();
  QAbstractItemModelTester tester(study.model(), QAbstractItemModelTester::FailureReportingMode::Fatal);
  study.setMeasure("lambda_max");
  EXPECT_EQ(study.chart()->points().size(), 40u);
  EXPECT_TRUE(study.summary().startsWith(QStringLiteral("\u03C4 +1.0"))) << study.summary().toStdString();
  EXPECT_TRUE(study.chart()->logarithmic());
  emit study.clicked("/runs/run7");
  EXPECT_EQ(session.selected()->folder, "/runs/run7");
}

TEST_F(ComparePageTest, aStudyOfTooFewSaysHowManyItNeeds) {
  three();
  page.board()->toolBar()->setView(CompareToolBar::studyView);
  EXPECT_TRUE(page.board()->study()->why().contains(QStringLiteral("4 runs"))) << page.board()->study()->why().toStdString();
}

TEST_F(ComparePageTest, fairnessOffersWhatTheWindowCanDo) {
  three();
  const auto& lines = page.board()->fairness()->lines();
  const auto seeds = std::ranges::find_if(lines, [](const FairnessLine& l) { return l.check.name == "seeds"; });
  ASSERT_NE(seeds, lines.end());
  EXPECT_EQ(seeds->remedy, Remedy::addSeeds);
  EXPECT_EQ(remedyText(Remedy::addSeeds, 4), QStringLiteral("Add 4 seeds to each"));
  EXPECT_TRUE(page.board()->fairness()->badge().contains(QStringLiteral(" of ")));
}

TEST_F(ComparePageTest, barsAreRelativeToTheBaseline) {
  three();
  const RatioChart& chart = *page.board()->ratios()->chart();
  const auto lambda = std::ranges::find(chart.groups(), QStringLiteral("\u03BBmax"), &RatioGroup::name);
  ASSERT_NE(lambda, chart.groups().end());
  ASSERT_EQ(lambda->bars.size(), 2u);
  EXPECT_DOUBLE_EQ(lambda->bars[0].ratio, 0.25);
  EXPECT_NEAR(lambda->bars[0].error, 0.25 * std::hypot(1e-3 / 10, 1e-3 / 40), 1e-12);
  EXPECT_GE(chart.axisEnd(), 1.0) << "the baseline's line is seen";
}

TEST_F(ComparePageTest, whatIsShownAndHowComesBack) {
  three();
  CompareBoard& now = *page.board();
  now.toolBar()->setDigits(6);
  now.toolBar()->setPlanes(Planes::minima);
  now.toolBar()->setLinked(false);
  now.setLower(CompareBoard::curves);
  now.curvesView()->setAbscissa(Abscissa::gradients);
  now.curvesView()->setQuantities({1, 4});
  now.settings()->setDifferencesOnly(false);
  now.study()->setTarget("test_loss");
  const auto shown = [](const ComparePage& which) {
    QJsonObject state = which.state();
    state.remove(QStringLiteral("sizes"));  // of splitters that are not on a screen
    return state;
  };
  ComparePage other({session, workbench, jobs, theme, looks});
  const std::unique_ptr<QWidget> itsBoard(other.board());
  EXPECT_NE(shown(other), shown(page));
  other.restoreState(page.state());
  EXPECT_EQ(shown(other), shown(page));
  other.restoreState({{QStringLiteral("digits"), QStringLiteral("no number")}, {QStringLiteral("unknown"), 1}});
  EXPECT_EQ(other.board()->toolBar()->planes(), Planes::minima) << "what is not there stays";
}

}  // namespace
}  // namespace ui
