// SPDX-License-Identifier: GPL-3.0-or-later
// What a path is taken for, runs that move, disappear or grow behind the program's back.
#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "trainer/base/files.h"
#include "trainer/run/train.h"
#include "ui/workspace/open_file.h"
#include "ui/workspace/open_run.h"
#include "ui/workspace/run_watcher.h"
#include "ui/workspace/session_file.h"

namespace ui {
namespace {

namespace fs = std::filesystem;

constexpr int kLongest = 30'000;  ///< a watchdog, not a measure

void trained(const fs::path& folder, std::int64_t epochs = 1) {
  trainer::RunSpec spec;
  spec.data = "digits";
  spec.model = "mlp:64-8-10";
  spec.epochs = epochs;
  trainer::train(trainer::resolve(spec, nullptr), folder, {}, {});
}

class Opening : public testing::Test {
 protected:
  bool waitFor(const std::function<bool()>& done) { return QTest::qWaitFor(done, kLongest); }

  QTemporaryDir folder;
  const fs::path root = folder.path().toStdString();
  Session session;
  JobQueue jobs;
  Workbench bench{session, jobs, root / "runs"};
  QSignalSpy failures{&bench, &Workbench::failed};
};

TEST_F(Opening, everyKindIsRecognisedAndSaidSo) {
  trained(root / "one");
  const Recognised run = recognise(root / "one/");
  EXPECT_EQ(run.kind, Recognised::run);
  EXPECT_EQ(run.found.front().folder, (root / "one").string()) << "without the slash";
  EXPECT_TRUE(run.sentence.startsWith(QStringLiteral("Run folder: SGD, 2 checkpoints"))) << run.sentence.toStdString();
  EXPECT_EQ(recognise(root / "one" / "spec.json").kind, Recognised::run);
  EXPECT_EQ(recognise(root / "one" / "checkpoints" / "step_00000000.safetensors").kind, Recognised::run);

  fs::create_directories(root / "sweep" / "runs");
  fs::copy(root / "one", root / "sweep" / "runs" / "a", fs::copy_options::recursive);
  fs::copy(root / "one", root / "sweep" / "runs" / "b", fs::copy_options::recursive);
  const Recognised runs = recognise(root / "sweep");
  EXPECT_EQ(runs.kind, Recognised::runs);
  ASSERT_EQ(runs.found.size(), 2u);
  EXPECT_EQ(runs.found[0].group, QStringLiteral("sweep"));

  writeSession({}, root / "s.sharpscape");
  EXPECT_EQ(recognise(root / "s.sharpscape").kind, Recognised::session);
  fs::copy(root / "one" / "checkpoints" / "step_00000000.safetensors", root / "w.safetensors");
  EXPECT_EQ(recognise(root / "w.safetensors").kind, Recognised::weights);

  std::ofstream(root / "theirs.csv") << "x,y,loss\n-1,-1,3\n0,-1,2\n1,-1,3\n-1,0,2\n0,0,1\n1,0,2\n-1,1,3\n0,1,2\n1,1,3\n";
  const Recognised csv = recognise(root / "theirs.csv");
  ASSERT_EQ(csv.kind, Recognised::file) << csv.sentence.toStdString();
  ASSERT_NE(csv.found.front().surface, nullptr);
  EXPECT_EQ(csv.found.front().surface->grid.train.loss[4], 1);
  EXPECT_EQ(csv.found.front().state, RunState::opened);
  EXPECT_FALSE(csv.found.front().measurable());
  EXPECT_FALSE(csv.found.front().message.isEmpty()) << "what the file does not say";
  EXPECT_TRUE(csv.sentence.contains(csv.found.front().message));

  std::ofstream(root / "notes.md") << "words";
  fs::create_directories(root / "empty");
  for (const char* name : {"notes.md", "empty", "nowhere"}) {
    const Recognised nothing = recognise(root / name);
    EXPECT_EQ(nothing.kind, Recognised::nothing) << name;
    EXPECT_TRUE(nothing.sentence.contains(QString::fromStdString(name))) << nothing.sentence.toStdString();
  }
}

TEST_F(Opening, aResultOpensItsRunAndIsTheOneThatIsShown) {
  trained(root / "one");
  analysis::SurfaceSpec spec;
  spec.measure.run = (root / "one").string();
  spec.x.size = 3;
  spec.y = spec.x;
  session.add(openRun(root / "one"));
  bench.sampleSurface(spec);
  ASSERT_TRUE(waitFor([&] { return session.runs()[0].results.size() == 1; }));
  spec.x.size = spec.y->size = 5;
  bench.sampleSurface(spec);
  ASSERT_TRUE(waitFor([&] { return session.runs()[0].results.size() == 2; }));
  const std::string first = session.runs()[0].results[0].file;
  session.reset({}, {}, {});
  bench.open({first});
  ASSERT_TRUE(waitFor([&] { return session.runs().size() == 1; }));
  EXPECT_EQ(session.runs()[0].surface->grid.columns(), 3);
  EXPECT_EQ(session.runs()[0].results.size(), 2u);
  // Away from its run it is an entry of its own.
  const fs::path copy = root / "copy" / "alone.json";
  fs::create_directories(copy.parent_path());
  fs::copy(first, copy);
  fs::rename(root / "one", root / "gone");
  const Recognised alone = recognise(copy);
  ASSERT_EQ(alone.kind, Recognised::file) << alone.sentence.toStdString();
  EXPECT_EQ(alone.found.front().surface->grid.columns(), 3);
}

TEST_F(Opening, aRunThatWasMovedIsFoundWithThoseBesideIt) {
  trained(root / "before" / "a");
  fs::copy(root / "before" / "a", root / "before" / "b", fs::copy_options::recursive);
  SavedSession saved;
  for (const char* name : {"a", "b"}) {
    saved.runs.emplace_back();
    saved.runs.back().folder = (root / "before" / name).string();
    saved.runs.back().name = QString::fromUtf8(name);
    saved.runs.back().look = saved.runs.size() + 2;
  }
  fs::rename(root / "before", root / "after");
  session.reset(restoredRuns(saved), saved.runs[1].folder, saved.runs[0].folder);
  ASSERT_EQ(session.runs()[0].state, RunState::missing);
  bench.locate(saved.runs[0].folder, root / "nowhere");
  ASSERT_TRUE(waitFor([&] { return failures.size() == 1; }));
  EXPECT_EQ(session.runs()[0].state, RunState::missing);
  bench.locate(saved.runs[0].folder, root / "after" / "a");
  ASSERT_TRUE(waitFor([&] { return session.runs()[1].state == RunState::completed; }));
  EXPECT_EQ(session.runs()[0].folder, (root / "after" / "a").string());
  EXPECT_EQ(session.runs()[0].lookIndex, 3u);
  EXPECT_EQ(session.selectedFolder(), (root / "after" / "b").string());
  EXPECT_EQ(session.baseline()->folder, (root / "after" / "a").string());
}

TEST_F(Opening, aRunDeletedBehindTheProgramsBackFailsWithASentenceAndTheSessionGoesOn) {
  trained(root / "one");
  trained(root / "two");
  session.add(openRun(root / "one"));
  session.add(openRun(root / "two"));
  fs::remove_all(root / "one");
  analysis::SpectrumSpec spec;
  spec.measure.run = (root / "one").string();
  bench.measureSpectrum(spec);
  ASSERT_TRUE(waitFor([&] { return failures.size() == 1; }));
  const QString sentence = failures[0][0].toString();
  EXPECT_TRUE(sentence.contains(QStringLiteral("one"))) << sentence.toStdString();
  EXPECT_FALSE(sentence.contains(QLatin1Char('\n')));
  spec.measure.run = (root / "two").string();
  bench.measureSpectrum(spec);
  ASSERT_TRUE(waitFor([&] { return session.find((root / "two").string())->spectrum != nullptr; }));
  EXPECT_EQ(failures.size(), 1);
}

TEST_F(Opening, theWatcherTellsOfARunThatIsGone) {
  RunWatcher watcher(session, bench);
  trained(root / "one");
  session.add(openRun(root / "one"));
  QCoreApplication::processEvents();
  fs::rename(root / "one", root / "elsewhere");
  ASSERT_TRUE(waitFor([&] { return session.runs()[0].state == RunState::missing; }));
  ASSERT_EQ(failures.size(), 1);
  EXPECT_TRUE(failures[0][0].toString().contains(QStringLiteral("not there any more"))) << failures[0][0].toString().toStdString();
}

TEST_F(Opening, aRunThatIsTrainedElsewhereIsFollowedToItsEnd) {
  RunWatcher watcher(session, bench);
  trained(root / "whole", 2);
  // As another program's training stands half way: no summary, one epoch of steps.
  const fs::path run = root / "growing";
  fs::copy(root / "whole", run, fs::copy_options::recursive);
  fs::remove(run / "summary.json");
  const std::string steps = trainer::readFile(run / "steps.csv");
  std::size_t half = 0;
  for (int line = 0; line < 24; ++line) half = steps.find('\n', half) + 1;  // the header and 23 steps
  std::ofstream(run / "steps.csv", std::ios::trunc) << steps.substr(0, half);
  session.add(openRun(run));
  EXPECT_TRUE(session.runs()[0].elsewhere);
  EXPECT_EQ(session.runs()[0].record.stepRecords.size(), 23u);
  QCoreApplication::processEvents();
  std::ofstream(run / "steps.csv", std::ios::app) << steps.substr(half);
  ASSERT_TRUE(waitFor([&] { return session.runs()[0].record.stepRecords.size() == 46; }));
  fs::copy(root / "whole" / "summary.json", run / "summary.json");
  ASSERT_TRUE(waitFor([&] { return session.runs()[0].state == RunState::completed; }));
  EXPECT_FALSE(session.runs()[0].elsewhere);
  EXPECT_EQ(failures.size(), 0);
}

TEST_F(Opening, weightsBecomeARun) {
  trained(root / "one");
  const fs::path weights = root / "theirs.safetensors";
  fs::copy(root / "one" / "checkpoints" / "step_00000023.safetensors", weights);
  trainer::RunSpec spec;
  spec.data = "digits";
  spec.model = "mlp:64-8-10";
  bench.importWeights(weights, spec);
  ASSERT_TRUE(waitFor([&] { return session.runs().size() == 1; })) << failures.value(0).value(0).toString().toStdString();
  EXPECT_TRUE(session.runs()[0].measurable());
  spec.model = "mlp:64-9-10";
  bench.importWeights(weights, spec);
  ASSERT_TRUE(waitFor([&] { return failures.size() == 1; }));
}

TEST_F(Opening, aPlanIsTrainedInAGroupAndMeasured) {
  trainer::RunSpec base;
  base.data = "digits";
  base.model = "mlp:64-8-10";
  base.epochs = 1;
  GroupPlan plan = comparisonPlan(base, 0.1, 0.8, {3});
  plan.lambdaMax = true;
  const QString group = bench.trainGroup(plan), again = bench.trainGroup({.title = plan.title, .runs = {plan.runs[0]}, .lambdaMax = false, .notes = {}});
  EXPECT_NE(group, again);
  ASSERT_EQ(session.runs().size(), 4u);
  EXPECT_EQ(session.runs()[0].group, group);
  ASSERT_TRUE(waitFor([&] { return session.runs()[2].spectrum != nullptr && session.runs()[3].state == RunState::completed; })) << failures.value(0).value(0).toString().toStdString();
  for (int i = 0; i < 3; ++i) EXPECT_NE(session.runs()[static_cast<std::size_t>(i)].spectrum, nullptr);
  // Same seed, same start: the loss of the first batch is the same number.
  EXPECT_EQ(session.runs()[0].record.stepRecords[0].loss, session.runs()[1].record.stepRecords[0].loss);
  EXPECT_EQ(session.runs()[0].record.stepRecords[0].loss, session.runs()[2].record.stepRecords[0].loss);
}

TEST_F(Opening, aRunThatWasNeverBegunIsStartedLater) {
  SavedRun saved;
  saved.folder = (root / "runs" / "later").string();
  saved.name = QStringLiteral("later");
  saved.planned = trainer::RunSpec{};
  saved.planned->data = "digits";
  saved.planned->model = "mlp:64-8-10";
  saved.planned->epochs = 1;
  session.reset({restoredRun(saved)}, saved.folder, {});
  EXPECT_EQ(session.runs()[0].state, RunState::failed);
  bench.resume(saved.folder);
  ASSERT_TRUE(waitFor([&] { return session.runs()[0].state == RunState::completed; })) << failures.value(0).value(0).toString().toStdString();
}

}  // namespace
}  // namespace ui
