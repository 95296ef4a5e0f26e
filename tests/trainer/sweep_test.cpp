// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/sweep.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <mutex>

#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/run_store.h"
#include "trainer/run/sweep_cost.h"
#include "trainer/run/train.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// 4 runs of 30 steps each.
SweepSpec small() {
  json spec = json::parse(R"({"base": {"data": "digits", "model": "mlp:64-8-10", "epochs": 2, "batch_size": 100, "sharpness": "penalty", "device": "cpu", "threads": 1},
                              "grid": {"alpha": [0, 0.5], "seed": [0, 1]}})");
  return toSweepSpec(spec, "spec.json");
}

SweepTable sweep(const SweepSpec& spec, const fs::path& folder, std::int64_t jobs = 2, const SweepObserver& observer = {}, const Context& context = {}) {
  return runSweep(spec, folder, observer, context, {.jobs = jobs, .makeCurvature = {}});
}

/// All that must not depend on time: every file below runs/, without the seconds.
std::map<std::string, std::string> bytesOf(const fs::path& sweep) {
  std::map<std::string, std::string> bytes;
  for (const auto& entry : fs::recursive_directory_iterator(sweep / "runs"))
    if (entry.path().extension() == ".safetensors" || entry.path().filename() == "evals.csv") bytes[fs::relative(entry.path(), sweep).string()] = readFile(entry.path());
  return bytes;
}

class SweepTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
};

TEST_F(SweepTest, everyRunIsThatOfTrainAndTheTablesAreWritten) {
  const SweepTable table = sweep(small(), folder_ / "sweep");
  ASSERT_EQ(table.runs.size(), 4u);
  ASSERT_EQ(table.settings.size(), 2u);
  RunSpec alone = plannedRuns(small(), nullptr)[3].spec;
  const RunRecord record = train(alone, folder_ / "alone", {}, {});
  SweepRow row = table.runs[3];
  EXPECT_EQ(row.name, "alpha0.5_seed1");
  EXPECT_EQ(row.status, SweepStatus::completed);
  EXPECT_EQ(row.value(SweepMeasure::trainLoss), record.evaluations.back().trainLoss);
  EXPECT_EQ(row.value(SweepMeasure::testAccuracy), record.evaluations.back().testAccuracy);
  EXPECT_EQ(row.value(SweepMeasure::testError), 1 - record.evaluations.back().testAccuracy);
  EXPECT_EQ(row.value(SweepMeasure::parameterNorm), record.parameterNorm);
  EXPECT_EQ(readFile(findCheckpoint(folder_ / "sweep/runs/alpha0.5_seed1", "last").file), readFile(findCheckpoint(folder_ / "alone", "last").file));
  EXPECT_EQ(readJson(folder_ / "sweep/table.json"), json(toJson(table)));
  EXPECT_EQ(readFile(folder_ / "sweep/table.csv"), settingsCsv(table));
  EXPECT_EQ(readFile(folder_ / "sweep/runs.csv"), runsCsv(table));
  EXPECT_EQ(difference(toSweepSpec(readJson(folder_ / "sweep/sweep.json"), "sweep.json"), small()), "");
}

TEST_F(SweepTest, resultsDoNotDependOnTheNumberOfJobs) {
  SweepSpec spec = small();
  spec.grid["threads"] = {1, 2};  // a worker's threads are its own
  spec.base.erase("threads");
  sweep(spec, folder_ / "one", 1);
  sweep(spec, folder_ / "two", 2);
  EXPECT_EQ(bytesOf(folder_ / "one"), bytesOf(folder_ / "two"));
  EXPECT_EQ(bytesOf(folder_ / "one").size(), 8u * (2 * 3 + 1)) << "3 checkpoints with their optimizer's, and evals.csv";
}

TEST_F(SweepTest, aStoppedSweepGoesOnWhereItWas) {
  std::stop_source source;
  std::int64_t lastSteps = 0;
  Context context{.stop = source.get_token(), .progress = {}, .waitWhilePaused = {}};
  context.progress = [&](const Progress& p) {
    lastSteps = p.done;
    if (p.done == 40) source.request_stop();
  };
  const SweepTable first = sweep(small(), folder_ / "sweep", 1, {}, context);
  EXPECT_EQ(lastSteps, 40);
  EXPECT_EQ(first.runs[0].status, SweepStatus::completed);
  EXPECT_EQ(first.runs[1].status, SweepStatus::stopped);
  EXPECT_EQ(first.runs[2].status, SweepStatus::waiting);
  EXPECT_FALSE(fs::exists(folder_ / "sweep/runs/alpha0.5_seed0"));
  const std::string finished = readFile(folder_ / "sweep/runs/alpha0_seed0/steps.csv");  // holds seconds: would differ if it were trained again

  SweepStart start;
  std::vector<std::string> ended;
  Progress last;
  SweepObserver observer{.started = [&](const SweepStart& s) { start = s; }, .ended = [&](const SweepRow& r) { ended.push_back(r.name); }};
  const SweepTable second = sweep(small(), folder_ / "sweep", 1, observer, {.stop = {}, .progress = [&](const Progress& p) { last = p; }, .waitWhilePaused = {}});
  EXPECT_EQ(start.runs, 4);
  EXPECT_EQ(start.done, 1);
  EXPECT_EQ(ended, (std::vector<std::string>{"alpha0_seed1", "alpha0.5_seed0", "alpha0.5_seed1"}));
  EXPECT_EQ(last.done, last.total);
  EXPECT_EQ(last.stage, "3 of 3 runs done");
  EXPECT_EQ(readFile(folder_ / "sweep/runs/alpha0_seed0/steps.csv"), finished);
  sweep(small(), folder_ / "whole", 1);
  for (const SweepRow& row : second.runs) EXPECT_EQ(row.status, SweepStatus::completed) << row.name;
  for (const char* run : {"alpha0_seed0", "alpha0_seed1", "alpha0.5_seed0", "alpha0.5_seed1"}) {
    EXPECT_EQ(readFile(findCheckpoint(folder_ / "sweep/runs" / run, "last").file), readFile(findCheckpoint(folder_ / "whole/runs" / run, "last").file)) << run;
    EXPECT_EQ(readFile(folder_ / "sweep/runs" / run / "evals.csv"), readFile(folder_ / "whole/runs" / run / "evals.csv")) << run;
  }
}

TEST_F(SweepTest, aFinishedSweepOnlyWritesItsTables) {
  const SweepTable first = sweep(small(), folder_ / "sweep");
  fs::remove(folder_ / "sweep/table.csv");
  SweepStart start;
  const SweepTable second = sweep(small(), folder_ / "sweep", 2, {.started = [&](const SweepStart& s) { start = s; }, .ended = {}});
  EXPECT_EQ(start.jobs, 0);
  EXPECT_EQ(toJson(second), toJson(first)) << "seconds too: nothing was trained again";
  EXPECT_TRUE(fs::exists(folder_ / "sweep/table.csv"));
}

TEST_F(SweepTest, divergedAndFailedRunsStopNoOther) {
  SweepSpec spec = small();
  spec.grid = json::parse(R"({"learning_rate": [0.05, 1e6], "seed": [0, 1]})");
  spec.base["model"] = "cnn";  // diverges at this rate, see train_test
  fs::create_directories(folder_ / "sweep/runs");
  writeJson(folder_ / "sweep/sweep.json", toJson(spec));
  writeFileAtomically(folder_ / "sweep/runs/learning-rate0.05_seed0", "a file, not a folder");
  fs::create_directories(folder_ / "sweep/runs/learning-rate0.05_seed1/checkpoints");  // killed before its spec was written
  const SweepTable table = sweep(spec, folder_ / "sweep");
  EXPECT_EQ(table.runs[0].status, SweepStatus::failed);
  EXPECT_NE(table.runs[0].reason.find("not a folder"), std::string::npos) << table.runs[0].reason;
  EXPECT_EQ(table.runs[1].status, SweepStatus::completed);
  for (const std::size_t i : {2u, 3u}) {
    EXPECT_EQ(table.runs[i].status, SweepStatus::diverged);
    EXPECT_NE(table.runs[i].reason.find("not finite"), std::string::npos) << table.runs[i].reason;
  }
  EXPECT_EQ(table.settings[0].failed, 1);
  EXPECT_EQ(table.settings[1].diverged, 2);
  EXPECT_EQ(table.settings[1].of(SweepMeasure::trainLoss).count, 0);
}

TEST_F(SweepTest, anotherRunInTheWayIsNotTakenForOurs) {
  SweepSpec spec = small();
  fs::create_directories(folder_ / "sweep/runs");
  writeJson(folder_ / "sweep/sweep.json", toJson(spec));
  RunSpec other = plannedRuns(spec, nullptr)[0].spec;
  other.seed = 9;
  train(other, folder_ / "sweep/runs/alpha0_seed0", {}, {});
  const SweepTable table = sweep(spec, folder_ / "sweep");
  EXPECT_EQ(table.runs[0].status, SweepStatus::failed);
  EXPECT_NE(table.runs[0].reason.find("its seed is 9, the sweep's is 0"), std::string::npos) << table.runs[0].reason;
  EXPECT_EQ(table.runs[1].status, SweepStatus::completed);
}

TEST_F(SweepTest, anotherSpecIsRefusedWithTheDifference) {
  sweep(small(), folder_ / "sweep");
  SweepSpec other = small();
  other.base["epochs"] = 3;
  const std::string message = messageOf<std::invalid_argument>([&] { sweep(other, folder_ / "sweep"); });
  EXPECT_NE(message.find("base.epochs was 2 and is 3"), std::string::npos) << message;
  fs::create_directories(folder_ / "mine");
  writeFileAtomically(folder_ / "mine/notes.txt", "precious");
  EXPECT_NE(messageOf<std::invalid_argument>([&] { sweep(small(), folder_ / "mine"); }).find("not a sweep"), std::string::npos);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "mine"), fs::directory_iterator()), 1);
}

TEST_F(SweepTest, allChecksComeBeforeAnyTraining) {
  SweepSpec spec = small();
  spec.grid["model"] = {"mlp:64-8-10", "mlp:63-10"};
  const std::string message = messageOf<std::invalid_argument>([&] { sweep(spec, folder_ / "sweep"); });
  EXPECT_NE(message.find("model-mlp-63-10"), std::string::npos) << message;
  spec = small();
  spec.base["data"] = "idx:/no/such/folder";
  spec.base["model"] = "lenet";
  EXPECT_THROW(sweep(spec, folder_ / "sweep"), IoError);
  EXPECT_FALSE(fs::exists(folder_ / "sweep"));
}

TEST_F(SweepTest, aFolderIsSweptByOneAtATime) {
  std::string message;
  SweepObserver observer;
  observer.started = [&](const SweepStart&) { message = messageOf<DataError>([&] { sweep(small(), folder_ / "sweep"); }); };
  sweep(small(), folder_ / "sweep", 2, observer);
  EXPECT_NE(message.find("in use by another process"), std::string::npos) << message;
}

TEST(SweepJobs, coresThreadsAndMemoryLimitThem) {
  constexpr std::int64_t kMegabyte = 1 << 20;
  EXPECT_EQ(chooseJobs(0, 100, 16, 1, 10 * kMegabyte, 64 * 1024 * kMegabyte), 16);
  EXPECT_EQ(chooseJobs(0, 100, 16, 4, 10 * kMegabyte, 64 * 1024 * kMegabyte), 4);
  EXPECT_EQ(chooseJobs(0, 3, 16, 1, 10 * kMegabyte, 64 * 1024 * kMegabyte), 3);
  EXPECT_EQ(chooseJobs(0, 100, 16, 1, 1000 * kMegabyte, 6000 * kMegabyte), 3) << "half of what is free";
  EXPECT_EQ(chooseJobs(0, 100, 16, 1, 8000 * kMegabyte, 6000 * kMegabyte), 1);
  EXPECT_EQ(chooseJobs(0, 100, 2, 8, kMegabyte, 6000 * kMegabyte), 1);
  EXPECT_EQ(chooseJobs(8, 100, 16, 4, 8000 * kMegabyte, 6000 * kMegabyte), 8) << "who asks is believed";
  EXPECT_EQ(chooseJobs(64, 100, 16, 1, kMegabyte, 6000 * kMegabyte), 16) << "but never more than cores";
}

TEST(SweepCost, countsStepsAndParameters) {
  RunSpec spec;
  spec.data = "digits";
  spec.model = "mlp:64-16-10";
  spec.epochs = 2;
  spec.batchSize = 100;
  RunCost cost = estimateCost(spec);
  EXPECT_EQ(cost.steps, 30) << "15 batches an epoch, the last of 42";
  EXPECT_EQ(cost.parameters, 64 * 16 + 16 + 16 * 10 + 10);
  spec.dataLimit = 1000;
  spec.validation = 0.5;
  cost = estimateCost(spec);
  EXPECT_NEAR(static_cast<double>(cost.steps), 10, 2) << "500 items, but for the stratification's rounding: 5 batches an epoch, or 6";
}

TEST(SweepCost, growsWithParametersAndWithTheItemsOfABatch) {
  RunSpec spec;
  spec.data = "digits";
  spec.model = "mlp:64-16-10";
  spec.batchSize = 256;
  RunSpec wide = spec;
  wide.model = "mlp:64-20000-10";
  const RunCost narrow = estimateCost(spec), broad = estimateCost(wide);
  // Theta, the kept copy, a gradient, the step and the momentum, and the hidden layer before or after relu of 256 items: 4 bytes each.
  EXPECT_GE(broad.bytes - narrow.bytes, 5 * 4 * (broad.parameters - narrow.parameters) + 256 * (20000 - 16) * 4);
  spec.model = "cnn";
  RunSpec all = spec;
  all.batchSize = kAllItems;
  // 1442 instead of 256 items, each of at least the outputs of both convolutions after relu, 4 bytes a number; and fewer step records.
  EXPECT_GT(estimateCost(all).bytes - estimateCost(spec).bytes, (1442 - 256) * (16 + 32) * 64 * 4);
}

}  // namespace
}  // namespace trainer
