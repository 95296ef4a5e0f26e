// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/run_store.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/model/checkpoint.h"
#include "trainer/run/run_writer.h"
#include "trainer/run/scheduled_steps.h"
#include "trainer/run/training_state.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;

class RunFolder : public testing::Test {
 protected:
  RunFolder() {
    spec_.data = "digits";
    spec_ = resolve(spec_, nullptr);
    layout_.append("fc.weight", {2, 2}, ParameterKind::weight);
    RunWriter writer(run_, spec_);
    for (const StepRecord& r : steps_) writer.addStep(r);
    for (const EvaluationRecord& e : evaluations_) {
      writer.addEvaluation(e);
      const std::string stem = checkpointStem(run_, e.step).string();
      if (e.step > 0) writeCheckpoint(stem + ".optimizer.safetensors", layout_, {.step = e.step, .epoch = 1, .theta = at::ones({4})});
      writeCheckpoint(stem + ".safetensors", layout_, {.step = e.step, .epoch = 1, .theta = at::zeros({4})});
    }
  }
  TemporaryFolder folder_;
  fs::path run_ = folder_ / "run";
  RunSpec spec_;
  ParameterLayout layout_;
  std::vector<StepRecord> steps_ = {{1, 0.5, 0.1 + 0.2, 1.0 / 3, 0.05, 0.25, 2}, {2, 1, 1e-300, 1e300, 0.04, 0.5, 4}};
  std::vector<EvaluationRecord> evaluations_ = {{0, 2.3, 0.1, 2.31, 0.125}, {1, 0.1, 0.9, 0.2, 0.875}, {2, 0.05, 1.0 / 3, 0.1, 0.875}};
};

TEST_F(RunFolder, numbersComeBackToTheLastBit) {
  const RunRecord record = readRunRecord(run_);
  EXPECT_EQ(record.stepRecords, steps_);
  ASSERT_EQ(record.evaluations.size(), evaluations_.size());
  EXPECT_EQ(record.evaluations[2].trainAccuracy, 1.0 / 3);
  EXPECT_TRUE(std::isnan(record.evaluations[2].validationLoss));
  EXPECT_EQ(readRunSpec(run_), spec_);
}

TEST_F(RunFolder, validationAveragesCurvatureAndEventsComeBack) {
  RunSpec validated = spec_;
  validated.validation = 0.1;
  RunWriter writer(folder_ / "more", validated, {{1, "rho", 0.1}});
  const EvaluationRecord e{4, 1.0 / 3, 0.5, 0.25, 0.75, 1.0 / 7, 0.625};
  writer.addEvaluation(e);
  writer.addEvaluation(e, EvaluatedModel::ema);
  writer.addEvaluation(e, EvaluatedModel::swa);
  writer.addCurvature({4, 1.0 / 3, 1e-9, 12, 100, 0.5});
  writer.addEvent({5, "learning_rate", 1.0 / 3});
  const RunRecord read = readRunRecord(folder_ / "more");
  for (const auto* list : {&read.evaluations, &read.emaEvaluations, &read.swaEvaluations}) EXPECT_EQ(*list, (std::vector<EvaluationRecord>{e}));
  EXPECT_EQ(read.curvature, (std::vector<CurvatureRecord>{{4, 1.0 / 3, 1e-9, 12, 100, 0.5}}));
  EXPECT_EQ(read.events, (std::vector<RunEvent>{{1, "rho", 0.1}, {5, "learning_rate", 1.0 / 3}}));
  const auto json = summaryJson(validated, read);
  EXPECT_EQ(json["validation_accuracy"], 0.625);
  EXPECT_EQ(json["ema"]["test_accuracy"], 0.75);
  EXPECT_EQ(json["lambda_max"]["residual"], 1e-9);
  writeFileAtomically(folder_ / "more/events.csv", "step,name,value\n3,momentum,1\n");
  EXPECT_THROW(readRunRecord(folder_ / "more"), DataError);
}

TEST_F(RunFolder, whatIsTrackedBesideLambdaMaxComesBackWithItsCost) {
  CurvatureRecord record{4, 1.0 / 3, 1e-9, 12, 100, 0.5};
  record.more = {{.name = "trace", .value = 2.0 / 3, .error = 0.125, .products = 20, .gradients = 0, .forwardPasses = 0, .items = 100, .seconds = 0.25},
                 {.name = "critical-sharpness", .value = std::numeric_limits<double>::infinity(), .gradients = 1, .forwardPasses = 9, .items = 100, .seconds = 0.0625},
                 {.name = "eigenspace-overlap", .items = 100}};
  RunWriter writer(folder_ / "more", spec_);
  writer.addCurvature(record);
  const RunRecord read = readRunRecord(folder_ / "more");
  EXPECT_EQ(read.curvature, std::vector<CurvatureRecord>{record});
  EXPECT_EQ(trackedNames(read.curvature[0]), (std::vector<std::string>{"lambda-max", "trace", "critical-sharpness", "eigenspace-overlap"}));
  EXPECT_EQ(trackedValue(record, "lambda-max")->error, 1e-9);
  EXPECT_FALSE(trackedValue(record, "lambda-min").has_value());
  EXPECT_DOUBLE_EQ(itemGradients(record), 100 * (2 * 12 + 2 * 20 + 1 + 9 / 3.0));
  const auto json = summaryJson(spec_, read);
  EXPECT_EQ(json["curvature"]["trace"]["products"], 20);
  EXPECT_EQ(json["curvature"]["critical_sharpness"]["forward_passes"], 9);
  record.lambdaMax = record.residual = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(record, record) << "NaN, which stands for none, equals itself";
  EXPECT_EQ(trackedNames(record).front(), "trace");
  const std::string header = readFile(folder_ / "more/curvature.csv");
  writeFileAtomically(folder_ / "more/curvature.csv", header.substr(0, header.find('\n')) + ",future\n");
  EXPECT_THROW(readRunRecord(folder_ / "more"), DataError);
}

TEST_F(RunFolder, cutBackLeavesWhatAnUninterruptedRunHasThere) {
  writeFileAtomically(run_ / "summary.json", "{}");
  writeFileAtomically(run_ / "steps.csv.tmp-abcdef", "x");
  writeFileAtomically(run_ / "steps.csv", readFile(run_ / "steps.csv") + "3,1.5,0.");
  cutBack(run_, 1, 1);
  EXPECT_FALSE(fs::exists(run_ / "summary.json"));
  EXPECT_FALSE(fs::exists(run_ / "steps.csv.tmp-abcdef"));
  EXPECT_EQ(readRunRecord(run_).stepRecords, (std::vector<StepRecord>{steps_[0]}));
  EXPECT_EQ(readRunRecord(run_).evaluations.size(), 2U);
  EXPECT_EQ(listCheckpoints(run_).back().step, 1);
  cutBack(run_, 1, 2);  // step 1 is then the middle of an epoch: only a stop evaluates there
  EXPECT_EQ(readRunRecord(run_).evaluations.size(), 1U);
  EXPECT_EQ(listCheckpoints(run_).size(), 2U);
  removeUnscheduled(run_, spec_, 2, 99);
  EXPECT_EQ(listCheckpoints(run_).size(), 1U);
  EXPECT_FALSE(fs::exists(run_ / "checkpoints/step_00000001.optimizer.safetensors"));
}

TEST_F(RunFolder, bestGoesByValidationWhereThereIsOne) {
  RunSpec validated = spec_;
  validated.validation = 0.1;
  fs::remove(run_ / "evals.csv");
  RunWriter writer(folder_ / "more", validated);
  writer.addEvaluation({1, 0, 0, 0, 0.9, 0, 0.5});
  writer.addEvaluation({2, 0, 0, 0, 0.8, 0, 0.6});
  fs::copy_file(folder_ / "more/evals.csv", run_ / "evals.csv");
  EXPECT_EQ(findCheckpoint(run_, "best").step, 2);
}

TEST_F(RunFolder, whatAKilledStartHasLeftIsAFreeFolder) {
  fs::create_directories(folder_ / "killed/checkpoints");
  writeFileAtomically(folder_ / "killed/steps.csv", "step\n");
  writeFileAtomically(folder_ / "killed/spec.json.tmp-abcdef", "{");
  EXPECT_NO_THROW(requireFreeFolder(folder_ / "killed"));
  EXPECT_TRUE(isFreeFolder(folder_ / "killed"));
  writeFileAtomically(folder_ / "killed/mine.txt", "x");
  EXPECT_THROW(requireFreeFolder(folder_ / "killed"), std::invalid_argument);
}

TEST_F(RunFolder, withoutASummaryTheRunIsStoppedAtItsLastLine) {
  const RunRecord record = readRunRecord(run_);
  EXPECT_EQ(record.status, RunStatus::stopped);
  EXPECT_EQ(record.steps, 2);
  EXPECT_EQ(record.seconds, 0.5);
}

TEST_F(RunFolder, theSummaryComesBack) {
  RunRecord record = readRunRecord(run_);
  record.status = RunStatus::diverged;
  record.steps = 1;
  record.gradientNorm = std::numeric_limits<double>::quiet_NaN();
  record.parameterNorm = 7;
  record.parameters = 4;
  record.reason = "why";
  record.dataHash = "ab";
  RunWriter(folder_ / "other", spec_).writeSummary(spec_, record);
  fs::copy_file(folder_ / "other/summary.json", run_ / "summary.json");
  const RunRecord read = readRunRecord(run_);
  EXPECT_EQ(read.status, RunStatus::diverged);
  EXPECT_EQ(read.steps, 1);
  EXPECT_TRUE(std::isnan(read.gradientNorm));
  EXPECT_EQ(read.parameterNorm, 7);
  EXPECT_EQ(read.parameters, 4);
  EXPECT_EQ(read.reason, "why");
  EXPECT_EQ(read.dataHash, "ab");
}

TEST_F(RunFolder, theSummaryHasTheContractsKeys) {
  const auto json = summaryJson(spec_, readRunRecord(run_));
  for (const char* key : {"run", "status", "steps", "epochs", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "test_loss",
                          "test_accuracy", "gradient_norm", "parameters", "seconds", "name", "parameter_norm"})
    EXPECT_TRUE(json.contains(key)) << key;
  EXPECT_TRUE(json["validation_loss"].is_null());
  EXPECT_EQ(json["test_accuracy"], 0.875);
  EXPECT_EQ(json["status"], "stopped");
}

TEST_F(RunFolder, aLineThatWasBeingWrittenIsLeftOut) {
  std::string text = readFile(run_ / "steps.csv");
  writeFileAtomically(run_ / "steps.csv", text + "3,1.5,0.");
  EXPECT_EQ(readRunRecord(run_).stepRecords, steps_);
}

TEST_F(RunFolder, damagedTablesNameTheLine) {
  const std::string text = readFile(run_ / "steps.csv");
  for (const char* line : {"x,1,1,1,1,1,1\n", "3,1,1,1,1,1\n", "3,1,1,1,1,1,1,1\n", "3;1,1,1,1,1,1\n", "\n"}) {
    writeFileAtomically(run_ / "steps.csv", text + line);
    const std::string message = messageOf<DataError>([&] { readRunRecord(run_); });
    EXPECT_NE(message.find("line 4"), std::string::npos) << line << message;
  }
  writeFileAtomically(run_ / "steps.csv", text + "1e300,1,1,1,1,1,1\n");
  EXPECT_THROW(readRunRecord(run_), DataError);
  writeFileAtomically(run_ / "steps.csv", "something,else\n");
  EXPECT_THROW(readRunRecord(run_), DataError);
}

TEST_F(RunFolder, checkpointsAreListedByStepWithoutTheOptimizers) {
  const auto all = listCheckpoints(run_);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[2].step, 2);
  EXPECT_TRUE(fs::exists(run_ / "checkpoints/step_00000002.optimizer.safetensors"));
  EXPECT_FALSE(fs::exists(run_ / "checkpoints/step_00000000.optimizer.safetensors"));
}

TEST_F(RunFolder, aCheckpointIsFoundByWordOrStep) {
  EXPECT_EQ(findCheckpoint(run_, "last").step, 2);
  EXPECT_EQ(findCheckpoint(run_, "best").step, 1);  // the first of equals
  EXPECT_EQ(findCheckpoint(run_, "0").step, 0);
  const std::string message = messageOf<std::invalid_argument>([&] { findCheckpoint(run_, "7"); });
  EXPECT_NE(message.find("last, best, 0, 1, 2"), std::string::npos) << message;
}

TEST_F(RunFolder, whatIsNoRunIsRefused) {
  EXPECT_THROW(readRunSpec(folder_ / "none"), IoError);
  EXPECT_THROW(readRunSpec(folder_.path()), DataError);
  EXPECT_THROW(listCheckpoints(folder_ / "none"), IoError);
  fs::remove_all(run_ / "checkpoints");
  EXPECT_THROW(findCheckpoint(run_, "last"), DataError);
}

TEST_F(RunFolder, analysesNeverOverwrite) {
  const fs::path first = analysisPath(run_, "spectrum", 2, "abcd");
  EXPECT_EQ(first, run_ / "analyses/spectrum_step2_abcd.json");
  writeFileAtomically(first, "{}");
  EXPECT_EQ(analysisPath(run_, "spectrum", 2, "abcd"), run_ / "analyses/spectrum_step2_abcd-2.json");
}

TEST_F(RunFolder, aFolderInUseIsRefused) {
  EXPECT_THROW(requireFreeFolder(run_), std::invalid_argument);
  EXPECT_THROW(requireFreeFolder(run_ / "spec.json"), std::invalid_argument);
  EXPECT_THROW(requireFreeFolder(""), std::invalid_argument);
  EXPECT_NO_THROW(requireFreeFolder(folder_ / "new"));
  fs::create_directory(folder_ / "empty");
  EXPECT_NO_THROW(requireFreeFolder(folder_ / "empty"));
}

}  // namespace
}  // namespace trainer
