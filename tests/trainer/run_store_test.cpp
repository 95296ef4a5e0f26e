// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/run_store.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/run_writer.h"

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
      writer.writeCheckpoint(layout_, {.step = e.step, .epoch = 1, .theta = at::zeros({4})}, e.step == 0 ? at::Tensor() : at::ones({4}));
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
  EXPECT_EQ(record.evaluations, evaluations_);
  EXPECT_EQ(readRunSpec(run_), spec_);
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
