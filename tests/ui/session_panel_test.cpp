// SPDX-License-Identifier: GPL-3.0-or-later
// The tree of the session, its menus, groups and plans.
#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>
#include <memory>

#include "ui/dialogs/plan_dialog.h"
#include "ui/models/session_tree_model.h"
#include "ui/pages/alpha_card.h"
#include "ui/workspace/plan_actions.h"
#include "ui/workspace/run_group.h"
#include "ui/workspace/run_templates.h"
#include "ui/workspace/session_panel.h"

namespace ui {
namespace {

SessionRun named(const std::string& folder, const QString& group = {}) {
  SessionRun run;
  run.folder = folder;
  run.name = QString::fromStdString(folder);
  run.state = RunState::completed;
  run.spec.data = "digits";
  run.group = group;
  return run;
}

std::shared_ptr<const analysis::SurfaceResult> surface(std::size_t side) {
  auto result = std::make_shared<analysis::SurfaceResult>();
  result->grid.x.assign(side, 0);
  result->grid.y.assign(side, 0);
  result->spec.y = result->spec.x;
  return result;
}

QStringList order(const Session& session) {
  QStringList names;
  for (const SessionRun& run : session.runs()) names << run.name;
  return names;
}

class SessionTree : public testing::Test {
 protected:
  Session session;
  Theme theme;
  RunLooks looks{theme};
  SessionTreeModel model{session, looks, theme};
  QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};

  QModelIndex child(const QModelIndex& parent, const QString& words) const {
    for (int i = 0; i < model.rowCount(parent); ++i)
      if (model.index(i, 0, parent).data().toString() == words) return model.index(i, 0, parent);
    return {};
  }
};

TEST_F(SessionTree, listsGroupsRunsCheckpointsAndEveryResult) {
  session.add(named("plain"));
  session.add(named("a", QStringLiteral("sweep")));
  session.add(named("b", QStringLiteral("sweep")));
  ASSERT_EQ(model.rowCount(), 2);
  EXPECT_EQ(model.rowCount(model.index(1, 0)), 2);
  EXPECT_EQ(model.index(1, 1).data().toString(), QStringLiteral("2 runs"));
  session.update("plain", [](SessionRun& run) {
    run.checkpoints = {0, 100, 200, 300};
    run.record.evaluations.push_back({300, 0.1, 1, 0.2, 0.9833});
    run.take(sessionResult(surface(65), "plain/analyses/one.json"));
    run.take(sessionResult(surface(33), "plain/analyses/two.json"));
  });
  const QModelIndex run = model.indexOf("plain");
  const QModelIndex checkpoints = child(run, QStringLiteral("Checkpoints")), results = child(run, QStringLiteral("Results"));
  EXPECT_EQ(checkpoints.siblingAtColumn(1).data().toString(), QStringLiteral("4"));
  EXPECT_EQ(model.rowCount(checkpoints), 3);
  EXPECT_EQ(model.index(0, 0, checkpoints).data().toString(), QStringLiteral("step 300, last"));
  EXPECT_EQ(model.index(0, 1, checkpoints).data().toString(), QStringLiteral("98.33 %"));
  EXPECT_EQ(model.index(2, 0, checkpoints).data().toString(), QStringLiteral("2 more"));
  model.unfoldCheckpoints("plain");
  EXPECT_EQ(model.rowCount(child(model.indexOf("plain"), QStringLiteral("Checkpoints"))), 4);
  ASSERT_EQ(model.rowCount(results), 2);
  EXPECT_EQ(model.index(0, 1, results).data().toString(), QStringLiteral("33 \u00D7 33")) << "the newest first";
}

TEST_F(SessionTree, aRunStaysARowWhileItTrains) {
  SessionRun run = named("live");
  run.state = RunState::training;
  run.totalSteps = 200;
  session.add(run);
  const QPersistentModelIndex row = model.indexOf("live");
  for (int i = 1; i <= 100; ++i) session.update("live", [i](SessionRun& r) { r.record.steps = 2 * i; });
  EXPECT_TRUE(row.isValid());
  EXPECT_EQ(row.sibling(0, 1).data().toString(), QStringLiteral("100 %"));
}

TEST_F(SessionTree, theEyeHidesARunOrAGroup) {
  session.add(named("a", QStringLiteral("g")));
  session.add(named("b", QStringLiteral("g")));
  model.toggleVisible(model.indexOf("a").siblingAtColumn(SessionTreeModel::eye));
  EXPECT_FALSE(session.find("a")->visible);
  EXPECT_EQ(looks.boardRuns(session).size(), 1u) << "the pages see those that are shown";
  model.toggleVisible(model.index(0, SessionTreeModel::eye));
  EXPECT_FALSE(session.find("b")->visible) << "some were shown: all are hidden";
  model.toggleVisible(model.index(0, SessionTreeModel::eye));
  EXPECT_TRUE(session.find("a")->visible && session.find("b")->visible);
}

TEST_F(SessionTree, renamingARunOrAGroupChangesTheSession) {
  session.add(named("a", QStringLiteral("g")));
  EXPECT_TRUE(model.setData(model.indexOf("a"), QStringLiteral(" new name ")));
  EXPECT_EQ(session.find("a")->name, QStringLiteral("new name"));
  EXPECT_FALSE(model.setData(model.indexOf("a"), QStringLiteral("  ")));
  EXPECT_TRUE(model.setData(model.index(0, 0), QStringLiteral("h")));
  ASSERT_TRUE(QTest::qWaitFor([&] { return session.find("a")->group == QStringLiteral("h"); }, 5000));
  EXPECT_EQ(model.index(0, 0).data().toString(), QStringLiteral("h"));
}

TEST_F(SessionTree, draggingReordersAndRegroups) {
  for (const char* name : {"a", "b", "c"}) session.add(named(name));
  session.add(named("d", QStringLiteral("g")));
  const auto drag = [&](const char* what, int row, const QModelIndex& parent) {
    const std::unique_ptr<QMimeData> data(model.mimeData({model.indexOf(what)}));
    ASSERT_NE(data, nullptr);
    ASSERT_TRUE(model.canDropMimeData(data.get(), Qt::MoveAction, row, 0, parent));
    EXPECT_FALSE(model.dropMimeData(data.get(), Qt::MoveAction, row, 0, parent)) << "the view moves nothing by itself";
    QCoreApplication::processEvents();
  };
  drag("c", 0, {});
  EXPECT_EQ(order(session), (QStringList{QStringLiteral("c"), QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("d")}));
  drag("c", -1, {});
  EXPECT_EQ(order(session).last(), QStringLiteral("c"));
  drag("a", -1, model.index(2, 0));  // onto the group
  EXPECT_EQ(session.find("a")->group, QStringLiteral("g"));
  drag("a", 0, {});
  EXPECT_TRUE(session.find("a")->group.isEmpty());
  EXPECT_EQ(order(session).first(), QStringLiteral("a"));
  EXPECT_EQ(session.find("c")->lookIndex, 2u) << "a run keeps its look";
}

TEST(SessionPanelMenus, doWhatTheySayAndDeleteNothing) {
  Session session;
  Theme theme;
  RunLooks looks(theme);
  SessionPanel panel(session, looks, theme);
  session.add(named("/somewhere/first"));
  session.add(named("/somewhere/second"));
  session.update("/somewhere/second", [](SessionRun& run) {
    run.take(sessionResult(surface(65), "/somewhere/second/analyses/one.json"));
    run.take(sessionResult(surface(33), "/somewhere/second/analyses/two.json"));
  });
  const auto* tree = panel.tree()->model();
  const auto trigger = [&](const QModelIndex& at, const QString& words) {
    const std::unique_ptr<QMenu> menu(panel.menuFor(at));
    for (QAction* action : menu->findChildren<QAction*>())
      if (action->text().remove(QLatin1Char('&')) == words) {
        EXPECT_FALSE(action->toolTip().isEmpty()) << words.toStdString();
        action->trigger();
        return true;
      }
    return false;
  };
  const QModelIndex second = tree->index(1, 0);
  EXPECT_TRUE(trigger(second, QStringLiteral("Baseline")));
  EXPECT_EQ(session.baseline()->folder, "/somewhere/second");
  EXPECT_TRUE(trigger(tree->index(1, 0), QStringLiteral("Copy path")));
  EXPECT_EQ(QGuiApplication::clipboard()->text(), QStringLiteral("/somewhere/second"));
  EXPECT_TRUE(trigger(tree->index(1, 0), QStringLiteral("Copy command")));
  EXPECT_TRUE(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("sharpscape train --data digits")));
  EXPECT_TRUE(trigger(tree->index(1, 0), QStringLiteral("dotted")));
  EXPECT_EQ(looks.look(*session.find("/somewhere/second")).dashes, runLook(3, theme.kind()).dashes);
  EXPECT_EQ(looks.look(*session.find("/somewhere/second")).colour, runLook(1, theme.kind()).colour);
  EXPECT_TRUE(trigger(tree->index(1, 0), QStringLiteral("green")));
  EXPECT_EQ(looks.look(*session.find("/somewhere/second")).dashes, runLook(3, theme.kind()).dashes) << "the colour alone changed";

  QSignalSpy shown(&panel, &SessionPanel::resultActivated);
  const QModelIndex results = tree->index(0, 0, tree->index(1, 0));
  ASSERT_EQ(results.data().toString(), QStringLiteral("Results"));
  EXPECT_TRUE(trigger(tree->index(1, 0, results), QStringLiteral("Show")));
  ASSERT_TRUE(QTest::qWaitFor([&] { return shown.size() == 1; }, 5000));
  EXPECT_EQ(session.find("/somewhere/second")->surface->grid.x.size(), 65u);
  EXPECT_EQ(session.find("/somewhere/second")->results.size(), 2u);

  QSignalSpy removed(&panel, &SessionPanel::removeRequested);
  EXPECT_TRUE(trigger(tree->index(1, 0), QStringLiteral("Remove from the session")));
  EXPECT_EQ(removed.size(), 1);
}

TEST(SessionPanelMenus, theFilterKeepsWhatHasTheWords) {
  Session session;
  Theme theme;
  RunLooks looks(theme);
  SessionPanel panel(session, looks, theme);
  session.add(named("sgd"));
  session.add(named("sam"));
  session.update("sgd", [](SessionRun& run) { run.take(sessionResult(surface(65), "x.json")); });
  auto* filter = panel.findChild<QLineEdit*>();
  filter->setText(QStringLiteral("sam"));
  EXPECT_EQ(panel.tree()->model()->rowCount(), 1);
  filter->setText(QStringLiteral("surface"));
  ASSERT_EQ(panel.tree()->model()->rowCount(), 1);
  EXPECT_EQ(panel.tree()->model()->index(0, 0).data().toString(), QStringLiteral("sgd"));
}

/// Everything but the sharpness method.
trainer::RunSpec withoutMethod(trainer::RunSpec spec) {
  spec.sharpness = "none";
  spec.rho.reset(), spec.alpha.reset();
  return trainer::resolve(spec, nullptr);
}

TEST(RunTemplates, theComparisonDiffersInTheMethodAlone) {
  trainer::RunSpec base;
  base.data = "digits";
  base.epochs = 3;
  const GroupPlan plan = comparisonPlan(base, 0.1, 0.8, {0, 7});
  ASSERT_EQ(plan.runs.size(), 6u);
  for (std::size_t i = 0; i < 6; i += 3) {
    EXPECT_EQ(plan.runs[i].spec.sharpness, "none");
    EXPECT_EQ(plan.runs[i + 1].spec.sharpness, "sam");
    EXPECT_EQ(plan.runs[i + 2].spec.sharpness, "penalty");
    EXPECT_EQ(plan.runs[i].spec.seed, i == 0 ? 0u : 7u);
    // Start and order are functions of the seed and of what is equal here.
    EXPECT_EQ(withoutMethod(plan.runs[i + 1].spec), withoutMethod(plan.runs[i].spec));
    EXPECT_EQ(withoutMethod(plan.runs[i + 2].spec), withoutMethod(plan.runs[i].spec));
  }
  EXPECT_THROW(comparisonPlan(base, 0.1, 1.5, {0}), std::invalid_argument);
}

TEST(RunTemplates, alphaGoesFromPlainToSamOverTheSeeds) {
  trainer::RunSpec base;
  base.data = "digits";
  base.epochs = 3;
  base.validation = 0.2;
  const GroupPlan plan = sweepPlan(alphaSweep(base, 0.1, {0, 0.5, 1}, {1, 2}), QStringLiteral("t"));
  ASSERT_EQ(plan.runs.size(), 6u);
  EXPECT_EQ(*plan.runs.front().spec.alpha, 0);
  EXPECT_EQ(*plan.runs.back().spec.alpha, 1);
  EXPECT_EQ(plan.runs.front().name, QStringLiteral("\u03B1 0 \u00B7 seed 1"));
  for (const GroupPlan::Run& run : plan.runs) {
    trainer::RunSpec same = run.spec, first = plan.runs[0].spec;
    same.alpha = first.alpha, same.seed = first.seed;
    EXPECT_EQ(same, first);
    EXPECT_EQ(*run.spec.rho, 0.1);
    EXPECT_EQ(run.spec.validation, 0.2);
  }
}

TEST(RunTemplates, readWhatIsTyped) {
  EXPECT_EQ(seedsOf(QStringLiteral("0:3, 9")), (std::vector<std::uint64_t>{0, 1, 2, 3, 9}));
  EXPECT_THROW(seedsOf(QStringLiteral("3:1")), std::invalid_argument);
  EXPECT_THROW(seedsOf(QStringLiteral("-1")), std::invalid_argument);
  EXPECT_THROW(numbersOf(QStringLiteral("0, x")), std::invalid_argument);
  EXPECT_EQ(valuesOf(QStringLiteral("sharpness"), QStringLiteral("none, sam")), nlohmann::json({"none", "sam"}));
  EXPECT_EQ(valuesOf(QStringLiteral("learning_rate"), QStringLiteral("0.05, 0.1")), nlohmann::json({0.05, 0.1}));
  EXPECT_THROW(valuesOf(QStringLiteral("learning_rate"), QStringLiteral("fast")), std::invalid_argument);
}

TEST(PlanDialogs, sayTheCostBeforeAndKeepTheButtonOffWhereItCannotBe) {
  Session session;
  AlphaDialog dialog;
  dialog.setCost([&](const std::vector<trainer::RunSpec>& specs) { return planCost(specs, session, 1); });
  auto* train = dialog.findChild<QPushButton*>(QStringLiteral("trainPlan"));
  EXPECT_EQ(train->text(), QStringLiteral("Train 18 runs"));
  EXPECT_TRUE(train->isEnabled()) << dialog.problem().toStdString();
  EXPECT_TRUE(dialog.cost().startsWith(QStringLiteral("18 runs"))) << dialog.cost().toStdString();
  dialog.findChild<QLineEdit*>(QStringLiteral("planAlphas"))->setText(QStringLiteral("0, 2"));
  EXPECT_FALSE(train->isEnabled());
  EXPECT_FALSE(dialog.problem().isEmpty());
  dialog.findChild<QLineEdit*>(QStringLiteral("planAlphas"))->setText(QStringLiteral("0, 1"));
  GroupPlan made;
  QObject::connect(&dialog, &PlanDialog::planned, [&](const GroupPlan& plan) { made = plan; });
  dialog.setAttribute(Qt::WA_DeleteOnClose, false);
  QTest::mouseClick(train, Qt::LeftButton);
  EXPECT_EQ(made.runs.size(), 6u);
  EXPECT_TRUE(made.lambdaMax);
}

TEST(PlanDialogs, aSweepTakesAnyFields) {
  trainer::RunSpec base;
  base.data = "digits";
  base.epochs = 2;
  SweepDialog dialog(base);
  dialog.addValues(QStringLiteral("sharpness"), QStringLiteral("none, sam"));
  EXPECT_TRUE(dialog.problem().isEmpty()) << dialog.problem().toStdString();
  const GroupPlan plan = dialog.plan();
  EXPECT_EQ(plan.runs.size(), 3u * 2u * 3u);
  for (const GroupPlan::Run& run : plan.runs) EXPECT_EQ(run.spec.epochs, 2);
  dialog.addValues(QStringLiteral("sharpness"), QStringLiteral("asam"));
  EXPECT_TRUE(dialog.problem().contains(QStringLiteral("twice"))) << dialog.problem().toStdString();
}

/// Runs of alpha over two seeds with figures.
Session& alphaRuns(Session& session, bool validation) {
  int i = 0;
  for (const double alpha : {0.0, 0.5, 1.0})
    for (const std::uint64_t seed : {0u, 1u}) {
      SessionRun run = named("run" + std::to_string(i++), QStringLiteral("g"));
      run.spec.sharpness = "penalty";
      run.spec.alpha = alpha;
      run.spec.seed = seed;
      const double error = alpha == 0.5 ? 0.02 : 0.05;
      run.record.evaluations.push_back({10, 0.1, 1, 0.2, 1 - error - 0.01 * static_cast<double>(seed)});
      if (validation) run.record.evaluations.back().validationAccuracy = 0.9 - error;
      run.record.curvature.push_back({.step = 10, .lambdaMax = 10 - 8 * alpha, .residual = 0, .products = 1, .samples = 1, .seconds = 0});
      session.add(run);
    }
  return session;
}

TEST(RunGroups, theBestIsChosenOnValidationOrNotAtAll) {
  Session with, without;
  const trainer::SweepTable table = tableOf(runsOf(alphaRuns(with, true), QStringLiteral("g")));
  ASSERT_TRUE(table.best.has_value());
  EXPECT_EQ(table.settings[*table.best].settings["alpha"], 0.5);
  EXPECT_TRUE(bestText(table).startsWith(QStringLiteral("Best on validation: alpha 0.5"))) << bestText(table).toStdString();
  const trainer::SweepTable none = tableOf(runsOf(alphaRuns(without, false), QStringLiteral("g")));
  EXPECT_FALSE(none.best.has_value());
  EXPECT_FALSE(bestText(none).isEmpty());
}

TEST(AlphaCards, drawTheMeanWithTheDeviationOverSeeds) {
  Session session;
  const trainer::SweepTable table = tableOf(runsOf(alphaRuns(session, true), QStringLiteral("g")));
  const auto error = curvesOver(table, "alpha", trainer::SweepMeasure::testError, 100);
  ASSERT_EQ(error.size(), 1u);
  ASSERT_EQ(error[0].points.size(), 3u);
  EXPECT_EQ(error[0].points[1].x(), 0.5);
  EXPECT_NEAR(error[0].points[1].y(), 2.5, 1e-9);                  // mean of 2 % and 3 %
  EXPECT_NEAR(error[0].errors[1], 1 / std::sqrt(2.0), 1e-9);       // sqrt((0.5^2 + 0.5^2) / 1)
  const auto lambda = curvesOver(table, "alpha", trainer::SweepMeasure::lambdaMax, 1);
  EXPECT_NEAR(lambda[0].points[2].y(), 2, 1e-12);
  AlphaCard card;
  card.show(QStringLiteral("g"), table);
  EXPECT_EQ(card.setting()->currentData().toString(), QStringLiteral("alpha"));
}

}  // namespace
}  // namespace ui
