// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/import_run.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"
#include "trainer/data/dataset.h"
#include "trainer/model/checkpoint.h"
#include "trainer/model/safetensors.h"
#include "trainer/run/run_store.h"

namespace trainer {
namespace {

const InputShape kDigits{.channels = 1, .height = 8, .width = 8, .classes = 10};

class Import : public testing::Test {
 protected:
  Import() { spec_.data = "digits", spec_.model = "resnet8", spec_.device = "cpu", spec_.threads = 1, spec_.precision = ""; }

  /// A file as PyTorch writes it, with a wrapper's prefix and counters.
  void writeForeign(at::ScalarType dtype) const {
    NamedTensors content;
    const std::pair<const ParameterLayout*, at::Tensor> parts[] = {{&model_->layout(), theta_}, {&model_->bufferLayout(), buffers_}};
    for (const auto& [layout, flat] : parts)
      for (const ParameterSlice& s : layout->slices())
        content.tensors.emplace_back("module." + s.name, flat.narrow(0, s.offset, s.count()).view(s.shape).to(dtype));
    content.tensors.emplace_back("module.bn1.num_batches_tracked", at::scalar_tensor(900, at::kLong));
    writeSafetensors(file_, content);
  }

  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "theirs.safetensors", run_ = folder_ / "run";
  std::shared_ptr<const Model> model_ = buildModel("resnet8", "relu", kDigits);
  at::Tensor theta_ = initialise(model_->layout(), 9, at::kDouble);
  at::Tensor buffers_ = model_->initialBuffers(at::kDouble) + 0.25;
  RunSpec spec_;
};

TEST_F(Import, makesACompletedRunOfOneCheckpoint) {
  writeForeign(at::kDouble);
  const RunRecord record = importRun(file_, spec_, run_, {});
  EXPECT_EQ(record.status, RunStatus::completed);
  EXPECT_EQ(spec_.precision, "double");
  EXPECT_EQ(readRunSpec(run_), spec_);
  const RunRecord read = readRunRecord(run_);
  EXPECT_EQ(read.status, RunStatus::completed);
  EXPECT_EQ(read.steps, 0);
  EXPECT_EQ(read.evaluations, record.evaluations);
  const Checkpoint checkpoint = readCheckpoint(findCheckpoint(run_, "last").file, *model_);
  EXPECT_TRUE(at::equal(checkpoint.theta, theta_));
  EXPECT_TRUE(at::equal(checkpoint.buffers, buffers_));
  const DataSplit data = loadData("digits");
  const at::Tensor logits = model_->forward(theta_, normalise(data.test.inputs, data.normalisation, at::kDouble), {.buffers = buffers_});
  EXPECT_NEAR(record.evaluations.back().testLoss, crossEntropy(logits, data.test.labels).item<double>(), 1e-13);
}

TEST_F(Import, takesTheirNormalisationAndPrecision) {
  writeForeign(at::kDouble);
  spec_.mean = {0.5}, spec_.deviation = {0.25}, spec_.precision = "float";
  importRun(file_, spec_, run_, {});
  EXPECT_EQ(spec_.normalisation->mean, std::vector{0.5});
  EXPECT_EQ(spec_.normalisation->deviation, std::vector{0.25});
  EXPECT_EQ(readCheckpoint(findCheckpoint(run_, "last").file, *model_).theta.scalar_type(), at::kFloat);
}

TEST_F(Import, refusesWhatDoesNotFitBeforeAFolderIsMade) {
  writeForeign(at::kDouble);
  spec_.model = "resnet14";
  const std::string message = messageOf<DataError>([&] { importRun(file_, spec_, run_, {}); });
  EXPECT_NE(message.find("layer1.1.conv1.weight is missing"), std::string::npos) << message;
  spec_.model = "resnet8", spec_.mean = {0.5, 0.5}, spec_.deviation = {1, 1};
  EXPECT_THROW(importRun(file_, spec_, run_, {}), std::invalid_argument);
  spec_.model = "";
  EXPECT_THROW(importRun(file_, spec_, run_, {}), std::invalid_argument);
  EXPECT_FALSE(std::filesystem::exists(run_));
}

}  // namespace
}  // namespace trainer
