// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/train.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/data/dataset.h"
#include "trainer/model/checkpoint.h"
#include "trainer/run/run_store.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;

RunSpec smallSpec() {
  RunSpec spec;
  spec.data = "digits";
  spec.model = "mlp:64-16-10";
  spec.epochs = 2;
  spec.batchSize = 100;
  spec.device = "cpu";
  spec.threads = 1;
  return spec;
}

class Train : public testing::Test {
 protected:
  RunRecord run(const RunSpec& spec, const std::string& name) { return train(spec, folder_ / name, {}, {}); }
  std::string lastBytes(const std::string& name) { return readFile(findCheckpoint(folder_ / name, "last").file); }
  TemporaryFolder folder_;
};

TEST_F(Train, writesTheWholeFolder) {
  const RunRecord record = run(smallSpec(), "run");
  EXPECT_EQ(record.status, RunStatus::completed);
  EXPECT_EQ(record.steps, 30);  // 15 batches an epoch, the last of 42
  EXPECT_EQ(record.epochs, 2);
  EXPECT_EQ(record.parameters, 64 * 16 + 16 + 16 * 10 + 10);
  ASSERT_EQ(record.evaluations.size(), 3U);
  EXPECT_LT(record.evaluations.back().trainLoss, record.evaluations.front().trainLoss);
  const RunRecord read = readRunRecord(folder_ / "run");
  EXPECT_EQ(read.status, RunStatus::completed);
  EXPECT_EQ(read.evaluations, record.evaluations);
  ASSERT_EQ(read.stepRecords.size(), 30U);
  EXPECT_EQ(read.stepRecords.back().loss, record.stepRecords.back().loss);
  EXPECT_EQ(read.gradientNorm, record.gradientNorm);
  const RunSpec spec = readRunSpec(folder_ / "run");
  EXPECT_EQ(spec.normalisation, loadData("digits").normalisation);
  EXPECT_EQ(spec.device, "cpu");
  EXPECT_EQ(listCheckpoints(folder_ / "run").front().step, 0);
  EXPECT_EQ(listCheckpoints(folder_ / "run").back().step, 30);
}

TEST_F(Train, theSameSpecGivesTheSameBytes) {
  run(smallSpec(), "a");
  run(smallSpec(), "b");
  for (const CheckpointInfo& c : listCheckpoints(folder_ / "a"))
    EXPECT_EQ(readFile(c.file), readFile(folder_ / "b/checkpoints" / c.file.filename())) << c.step;
  EXPECT_EQ(readFile(folder_ / "a/spec.json"), readFile(folder_ / "b/spec.json"));
  EXPECT_EQ(readFile(folder_ / "a/evals.csv"), readFile(folder_ / "b/evals.csv"));
  RunSpec other = smallSpec();
  other.seed = 1;
  run(other, "c");
  EXPECT_NE(lastBytes("c"), lastBytes("a"));
}

TEST_F(Train, alphaOneIsSamAndAlphaZeroIsPlainToTheLastBit) {
  RunSpec spec = smallSpec();
  run(spec, "plain");
  spec.sharpness = "sam";
  spec.rho = 0.1;
  const RunRecord sam = run(spec, "sam");
  spec.sharpness = "penalty";
  spec.alpha = 1;
  run(spec, "one");
  spec.alpha = 0;
  const RunRecord zero = run(spec, "zero");
  EXPECT_EQ(lastBytes("one"), lastBytes("sam"));
  EXPECT_EQ(lastBytes("zero"), lastBytes("plain"));
  EXPECT_NE(lastBytes("sam"), lastBytes("plain"));
  EXPECT_EQ(sam.stepRecords.back().gradientEvaluations, 60);
  EXPECT_EQ(zero.stepRecords.back().gradientEvaluations, 30);
}

TEST_F(Train, theRecordedEvaluationIsThatOfTheCheckpoint) {
  RunSpec spec = smallSpec();
  spec.precision = "double";
  const RunRecord record = run(spec, "run");
  const DataSplit data = loadData("digits");
  const auto model = buildModel(spec.model, "relu", data.shape);
  const Checkpoint last = readCheckpoint(findCheckpoint(folder_ / "run", "last").file, model->layout());
  const at::Tensor logits = model->forward(last.theta, normalise(data.test.inputs, data.normalisation, at::kDouble));
  // Another order of summation of 355 numbers in double.
  EXPECT_NEAR(record.evaluations.back().testLoss, crossEntropy(logits, data.test.labels).item<double>(), 1e-13);
  EXPECT_EQ(record.evaluations.back().testAccuracy, logits.argmax(1).eq(data.test.labels).sum().item<double>() / 355);
  EXPECT_NEAR(record.parameterNorm, last.theta.norm().item<double>(), 1e-12);
}

TEST_F(Train, aStopKeepsWhatIsDone) {
  std::stop_source source;
  TrainObserver observer;
  observer.step = [&](const StepRecord& r) {
    if (r.step == 20) source.request_stop();
  };
  const RunRecord record = train(smallSpec(), folder_ / "run", observer, {.stop = source.get_token(), .progress = {}, .waitWhilePaused = {}});
  EXPECT_EQ(record.status, RunStatus::stopped);
  EXPECT_EQ(record.steps, 20);
  EXPECT_EQ(record.evaluations.back().step, 15);  // a stop is answered at once: the last evaluation is that of the epoch
  EXPECT_TRUE(std::isnan(record.gradientNorm));
  const RunRecord read = readRunRecord(folder_ / "run");
  EXPECT_EQ(read.status, RunStatus::stopped);
  EXPECT_EQ(read.stepRecords.size(), 20U);
  EXPECT_EQ(findCheckpoint(folder_ / "run", "last").step, 20);
  EXPECT_TRUE(fs::exists(folder_ / "run/checkpoints/step_00000020.optimizer.safetensors"));
}

TEST_F(Train, aStopBeforeTheFirstStepKeepsTheStart) {
  std::stop_source source;
  source.request_stop();
  const RunRecord record = train(smallSpec(), folder_ / "run", {}, {.stop = source.get_token(), .progress = {}, .waitWhilePaused = {}});
  EXPECT_EQ(record.status, RunStatus::stopped);
  EXPECT_EQ(record.steps, 0);
  EXPECT_EQ(findCheckpoint(folder_ / "run", "last").step, 0);
}

TEST_F(Train, aDivergedRunKeepsItsLastGoodStep) {
  RunSpec spec = smallSpec();
  spec.model = "cnn";
  spec.learningRate = 1e6;
  const RunRecord record = run(spec, "run");
  EXPECT_EQ(record.status, RunStatus::diverged);
  EXPECT_NE(record.reason.find("not finite at step"), std::string::npos) << record.reason;
  EXPECT_LT(record.steps, 30);
  EXPECT_TRUE(std::isfinite(record.parameterNorm));
  const CheckpointInfo last = findCheckpoint(folder_ / "run", "last");
  EXPECT_EQ(last.step, record.steps);
  const auto model = buildModel("cnn", "relu", {.channels = 1, .height = 8, .width = 8, .classes = 10});
  EXPECT_TRUE(readCheckpoint(last.file, model->layout()).theta.isfinite().all().item<bool>());
  EXPECT_EQ(readJson(folder_ / "run/summary.json")["status"], "diverged");
}

TEST_F(Train, aFolderInUseIsRefusedAndUntouched) {
  fs::create_directories(folder_ / "used");
  writeFileAtomically(folder_ / "used/mine.txt", "precious");
  const std::string message = messageOf<std::invalid_argument>([&] { run(smallSpec(), "used"); });
  EXPECT_NE(message.find("not empty"), std::string::npos) << message;
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "used"), fs::directory_iterator()), 1);
}

TEST_F(Train, nothingIsMadeWhenACheckFails) {
  RunSpec spec = smallSpec();
  spec.model = "mlp:63-10";
  EXPECT_THROW(run(spec, "run"), std::invalid_argument);
  spec = smallSpec();
  spec.device = "cuda:99";
  EXPECT_THROW(run(spec, "run"), DeviceError);
  spec = smallSpec();
  spec.data = "idx:/no/such/folder";
  EXPECT_THROW(run(spec, "run"), IoError);
  spec = smallSpec();
  spec.curvatureEvery = 1;  // and no tracker is given
  EXPECT_THROW(run(spec, "run"), std::invalid_argument);
  spec = smallSpec();
  spec.mean = {0.1, 0.2, 0.3};
  spec.deviation = {1, 1, 1};
  EXPECT_NE(messageOf<std::invalid_argument>([&] { run(spec, "run"); }).find("3 channels, the data has 1"), std::string::npos);
  EXPECT_FALSE(fs::exists(folder_ / "run"));
}

TEST_F(Train, reportsStartStepsEvaluationsAndProgress) {
  std::int64_t total = 0;
  std::vector<std::int64_t> steps;
  std::vector<std::int64_t> evaluations;
  std::string stage;
  TrainObserver observer{.started = [&](const RunSpec&, std::int64_t t, std::int64_t) { total = t; },
                         .step = [&](const StepRecord& r) { steps.push_back(r.step); },
                         .evaluation = [&](const EvaluationRecord& e) { evaluations.push_back(e.step); }};
  train(smallSpec(), folder_ / "run", observer, {.stop = {}, .progress = [&](const Progress& p) { stage = p.stage; }, .waitWhilePaused = {}});
  EXPECT_EQ(total, 30);
  EXPECT_EQ(steps.size(), 30U);
  EXPECT_EQ(evaluations, (std::vector<std::int64_t>{0, 15, 30}));
  EXPECT_EQ(stage, "epoch 2 of 2");
}

TEST_F(Train, aboutTwelveCheckpointsAreKept) {
  RunSpec spec = smallSpec();
  spec.epochs = 25;
  spec.batchSize = 1442;
  run(spec, "run");
  std::vector<std::int64_t> steps;
  for (const CheckpointInfo& c : listCheckpoints(folder_ / "run")) steps.push_back(c.step);
  EXPECT_EQ(steps, (std::vector<std::int64_t>{0, 3, 6, 9, 12, 15, 18, 21, 24, 25}));
}

}  // namespace
}  // namespace trainer
