// SPDX-License-Identifier: GPL-3.0-or-later
// Session, workbench and the run table, with real training of a tiny network.
#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QFormLayout>
#include <QLabel>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>
#include <fstream>

#include "trainer/run/run_spec.h"
#include "ui/models/run_table_model.h"
#include "ui/workspace/open_run.h"
#include "ui/workspace/session_panel.h"
#include "ui/workspace/workbench.h"

namespace ui {
namespace {

constexpr int kLongest = 60'000;  ///< a watchdog, not a measure

SessionRun named(const std::string& folder) {
  SessionRun run;
  run.folder = folder;
  run.name = QString::fromStdString(folder);
  run.spec.data = "digits";
  return run;
}

trainer::RunSpec tiny() {
  trainer::RunSpec spec;
  spec.data = "digits";
  spec.model = "mlp:64-8-10";
  spec.epochs = 2;
  return spec;
}

TEST(Session, keepsLooksAndSelection) {
  Session session;
  QSignalSpy selection(&session, &Session::selectionChanged);
  session.add(named("a"));
  session.add(named("b"));
  session.add(named("c"));
  EXPECT_EQ(session.selected()->folder, "a");
  session.select("b");
  session.remove("a");
  EXPECT_EQ(session.selected()->folder, "b");
  EXPECT_EQ(session.find("c")->lookIndex, 2u);
  session.add(named("d"));
  EXPECT_EQ(session.find("d")->lookIndex, 3u) << "a look is not given twice";
  session.add(named("b"));
  EXPECT_EQ(session.find("b")->lookIndex, 1u) << "a run that is opened again keeps its look";
  session.remove("b");
  EXPECT_EQ(session.selected()->folder, "c");
  EXPECT_EQ(selection.size(), 3);
}

TEST(Session, baselineIsTheChosenRunElseTheFirst) {
  Session session;
  EXPECT_EQ(session.baseline(), nullptr);
  session.add(named("a"));
  session.add(named("b"));
  QSignalSpy changes(&session, &Session::baselineChanged);
  EXPECT_EQ(session.baseline()->folder, "a");
  session.setBaseline("b");
  session.setBaseline("nowhere");
  EXPECT_EQ(session.baseline()->folder, "b");
  EXPECT_EQ(changes.size(), 1);
  session.remove("b");
  EXPECT_EQ(session.baseline()->folder, "a");
}

class WorkbenchTest : public testing::Test {
 protected:
  bool waitFor(const std::function<bool()>& done) { return QTest::qWaitFor(done, kLongest); }
  bool idle() { return waitFor([this] { return jobs.idle(); }); }

  QTemporaryDir folder;
  Session session;
  JobQueue jobs;
  Workbench bench{session, jobs, folder.path().toStdString()};
};

TEST_F(WorkbenchTest, trainsMeasuresSamplesAndOpensAgain) {
  QSignalSpy failures(&bench, &Workbench::failed);
  const std::string run = bench.train(tiny());
  EXPECT_EQ(session.find(run)->state, RunState::waiting);
  ASSERT_TRUE(waitFor([&] { return session.find(run)->state == RunState::completed; }));
  EXPECT_EQ(session.find(run)->record.stepRecords.size(), 46u);
  EXPECT_EQ(session.find(run)->record.evaluations.size(), 3u);

  analysis::SpectrumSpec spectrum;
  spectrum.measure.run = run;
  bench.measureSpectrum(spectrum);
  analysis::SurfaceSpec surface;
  surface.measure.run = run;
  surface.x.size = 5;
  surface.y = surface.x;
  bench.sampleSurface(surface);
  surface.y.reset();
  bench.sampleSurface(surface);
  ASSERT_TRUE(waitFor([&] { return session.find(run)->slice != nullptr; }));
  ASSERT_NE(session.find(run)->spectrum, nullptr);
  ASSERT_NE(session.find(run)->surface, nullptr);
  EXPECT_TRUE(session.find(run)->surface->grid.evaluations == 25);
  EXPECT_FALSE(session.find(run)->partialSurface);
  EXPECT_EQ(failures.size(), 0) << failures.value(0).value(0).toString().toStdString();

  const SessionRun opened = openRun(run);
  EXPECT_EQ(opened.state, RunState::completed);
  const auto& live = session.find(run)->record.stepRecords;
  ASSERT_EQ(opened.record.stepRecords.size(), live.size());
  for (std::size_t i = 0; i < live.size(); ++i) {  // seconds are written with fewer digits
    EXPECT_EQ(opened.record.stepRecords[i].loss, live[i].loss);
    EXPECT_EQ(opened.record.stepRecords[i].gradientNorm, live[i].gradientNorm);
  }
  ASSERT_NE(opened.spectrum, nullptr);
  EXPECT_EQ(opened.spectrum->spectrum.top, session.find(run)->spectrum->spectrum.top);
  ASSERT_NE(opened.surface, nullptr);
  EXPECT_EQ(opened.surface->grid.train.loss, session.find(run)->surface->grid.train.loss);
  ASSERT_NE(opened.slice, nullptr);
}

TEST_F(WorkbenchTest, aFailureIsASentenceAndStaysAtTheRun) {
  QSignalSpy failures(&bench, &Workbench::failed);
  trainer::RunSpec spec = tiny();
  spec.data = "idx:" + folder.filePath(QStringLiteral("nowhere")).toStdString();
  const std::string run = bench.train(spec);
  ASSERT_TRUE(waitFor([&] { return session.find(run)->state == RunState::failed; }));
  ASSERT_EQ(failures.size(), 1);
  EXPECT_TRUE(failures[0][0].toString().contains(QStringLiteral("nowhere"))) << failures[0][0].toString().toStdString();
  bench.openRun("/proc/nowhere");
  ASSERT_TRUE(waitFor([&] { return failures.size() == 2; }));
}

TEST_F(WorkbenchTest, stoppingKeepsWhatIsDoneAndWhatWaitedIsTold) {
  trainer::RunSpec spec = tiny();
  spec.epochs = 5000;
  const std::string first = bench.train(spec), second = bench.train(spec);
  ASSERT_NE(first, second);
  ASSERT_TRUE(waitFor([&] { return session.find(first)->record.steps > 0; }));
  jobs.cancelAll();
  ASSERT_TRUE(waitFor([&] { return session.find(first)->state == RunState::stopped && session.find(second)->state == RunState::failed; }));
  EXPECT_GT(session.find(first)->record.steps, 0);
  EXPECT_TRUE(session.find(first)->measurable());
  EXPECT_EQ(openRun(first).state, RunState::stopped);
}

TEST_F(WorkbenchTest, aTrainingIsHeldAndGoesOn) {
  trainer::RunSpec spec = tiny();
  spec.epochs = 5000;
  const std::string run = bench.train(spec);
  ASSERT_TRUE(waitFor([&] { return session.find(run)->record.steps > 0; }));
  const std::int64_t job = bench.trainingJob(run);
  ASSERT_NE(job, 0);
  jobs.setPaused(job, true);
  ASSERT_TRUE(waitFor([&] { return jobs.job(job)->state == JobState::paused; }));
  jobs.setPaused(job, false);
  const std::int64_t before = session.find(run)->record.steps;
  EXPECT_TRUE(waitFor([&] { return session.find(run)->record.steps > before + 10; }));
  jobs.cancel(job);
  ASSERT_TRUE(waitFor([&] { return session.find(run)->state == RunState::stopped; }));
  EXPECT_EQ(bench.trainingJob(run), 0);
}

TEST_F(WorkbenchTest, aStoppedTrainingIsResumedToItsEndWithItsCurvatureAndItsChanges) {
  trainer::RunSpec spec = tiny();
  spec.epochs = 200;
  spec.curvatureEvery = 100;
  spec.curvatureProducts = 4;
  spec.ema = 0.9;
  const std::string run = bench.train(spec);
  ASSERT_TRUE(waitFor([&] { return session.find(run)->record.steps > 0; }));
  EXPECT_EQ(bench.adjust(run, "learning_rate", 0.01), QString());
  ASSERT_TRUE(waitFor([&] { return !session.find(run)->record.events.empty(); }));
  jobs.cancel(bench.trainingJob(run));
  ASSERT_TRUE(waitFor([&] { return session.find(run)->state != RunState::training; }));
  ASSERT_EQ(session.find(run)->state, RunState::stopped) << "200 epochs were over before the stop came";
  bench.resume(run);
  ASSERT_TRUE(waitFor([&] { return session.find(run)->state == RunState::completed; }));
  const trainer::RunRecord& record = session.find(run)->record;
  EXPECT_EQ(record.steps, 200 * 23);
  EXPECT_EQ(record.stepRecords.size(), 200u * 23u);
  EXPECT_EQ(record.evaluations.size(), 201u);
  EXPECT_EQ(record.curvature.size(), 3u);
  EXPECT_EQ(record.emaEvaluations.size(), 201u);
  ASSERT_EQ(record.events.size(), 1u);
  EXPECT_EQ(openRun(run).record.evaluations, record.evaluations);
}

TEST_F(WorkbenchTest, changesByHandAreCheckedAndTakenWhileItTrains) {
  trainer::RunSpec spec = tiny();
  spec.epochs = 5000;
  EXPECT_FALSE(bench.adjust("nowhere", "rho", 0.1).isEmpty());
  const std::string run = bench.train(spec);
  ASSERT_TRUE(waitFor([&] { return session.find(run)->record.steps > 0; }));
  EXPECT_FALSE(bench.adjust(run, "learning_rate", -1).isEmpty());
  EXPECT_FALSE(bench.adjust(run, "momentum", 0.5).isEmpty());
  EXPECT_EQ(bench.adjust(run, "learning_rate", 0.01), QString());
  jobs.cancelAll();
  ASSERT_TRUE(waitFor([&] { return session.find(run)->state == RunState::stopped; }));
  EXPECT_FALSE(bench.adjust(run, "learning_rate", 0.01).isEmpty()) << "it is over";
}

TEST_F(WorkbenchTest, goingAwayWhileItTrainsEndsCleanly) {
  trainer::RunSpec spec = tiny();
  spec.epochs = 5000;
  const std::string run = bench.train(spec);
  ASSERT_TRUE(waitFor([&] { return session.find(run)->record.steps > 0; }));
  jobs.shutDown();  // returns: the training was told to stop and has written its checkpoint
  EXPECT_EQ(openRun(run).state, RunState::stopped);
}

TEST(RunTable, isAModelAndSaysWhatIsKnown) {
  RunTableModel model;
  QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
  SessionRun run = named("a");
  run.record.evaluations.push_back({46, 0.25, 0.9, 0.5, 0.875});
  QPixmap swatch;
  model.setRows({runRow(run, swatch)});
  EXPECT_EQ(model.index(0, RunTableModel::testAccuracy).data().toString(), QStringLiteral("87.50"));
  EXPECT_EQ(model.index(0, RunTableModel::lambdaMax).data().toString(), QString());
  run.state = RunState::diverged;
  model.setRows({runRow(run, swatch)});
  EXPECT_EQ(model.index(0, RunTableModel::state).data().toString(), QStringLiteral("diverged"));
}

TEST(SessionPanel, listsRunsWithResultsAndFollowsTheSelection) {
  Session session;
  Theme theme;
  RunLooks looks(theme);
  SessionPanel panel(session, looks, theme);
  session.add(named("first"));
  session.add(named("second"));
  EXPECT_EQ(panel.tree()->model()->rowCount(), 2);
  session.select("second");
  EXPECT_EQ(panel.tree()->currentIndex().row(), 1);
  panel.tree()->setCurrentIndex(panel.tree()->model()->index(0, 0));
  EXPECT_EQ(session.selected()->folder, "first");
  const auto* form = panel.findChild<QFormLayout*>();
  ASSERT_NE(form, nullptr);
  const int rows = form->rowCount();
  const QWidget* kept = form->itemAt(0, QFormLayout::FieldRole)->widget();
  session.update("first", [](SessionRun& run) { run.record.steps = 1234; });
  EXPECT_EQ(form->rowCount(), rows);
  EXPECT_EQ(form->itemAt(0, QFormLayout::FieldRole)->widget(), kept) << "what is selected with the mouse stays";
  EXPECT_TRUE(static_cast<QLabel*>(form->itemAt(6, QFormLayout::FieldRole)->widget())->text().startsWith(QStringLiteral("1,234")));
  auto spectrum = std::make_shared<analysis::SpectrumResult>();
  spectrum->spectrum.top = {{.value = 0.25}};
  session.update("first", [&](SessionRun& run) { run.take(sessionResult(spectrum, "first/analyses/one.json")); });
  EXPECT_EQ(panel.tree()->model()->index(0, 1).data().toString(), QStringLiteral("0.25"));
  EXPECT_EQ(panel.tree()->model()->rowCount(panel.tree()->model()->index(0, 0)), 1);
}

}  // namespace
}  // namespace ui
