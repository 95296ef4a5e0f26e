// SPDX-License-Identifier: GPL-3.0-or-later
// Memory that runs out: a network that has room for so many samples at a time and no more, as an allocator would have.
#include "trainer/chunk_memory.h"

#include <gtest/gtest.h>

#include <new>

#include "analysis/operators/hessian.h"
#include "analysis/operators/kept_graphs.h"
#include "tests/analysis/small_problem.h"
#include "trainer/base/error.h"
#include "trainer/device.h"
#include "trainer/run/evaluate.h"

namespace analysis {
namespace {

using testing::digitsModel;
using testing::digitsParts;
using testing::gaussian;
using testing::relativeDifference;

/// `inner`, out of memory above `room` samples at a time.
class Roomy : public trainer::Model {
 public:
  Roomy(std::shared_ptr<const trainer::Model> inner, std::int64_t room) : Model("roomy"), inner_(std::move(inner)), room_(room) {
    layout_ = inner_->layout();
    bufferLayout_ = inner_->bufferLayout();
  }
  mutable std::int64_t refusals = 0;

 protected:
  at::Tensor apply(const trainer::Forward& f, const at::Tensor& x) const override {
    if (x.size(0) > room_) {
      ++refusals;
      TORCH_CHECK_WITH(OutOfMemoryError, false, "CUDA out of memory");
    }
    std::vector<at::Tensor> flat;
    for (std::size_t i = 0; i < layout_.slices().size(); ++i) flat.push_back(f.parameter(i).flatten());
    return inner_->forward(at::cat(flat), x, {.mode = f.training() ? trainer::Mode::train : trainer::Mode::evaluate, .buffers = f.buffers()});
  }

 private:
  std::shared_ptr<const trainer::Model> inner_;
  std::int64_t room_;
};

std::shared_ptr<const Roomy> roomy(std::int64_t room) { return std::make_shared<Roomy>(digitsModel("mlp:64-6-10"), room); }

struct ChunkMemory : ::testing::Test {
  void SetUp() override { trainer::takeMemoryNote(); }
  ModelObjective plain{digitsParts(digitsModel("mlp:64-6-10"), at::kDouble, 150)};
  ModelObjective short_{digitsParts(roomy(20), at::kDouble, 150)};
  const at::Tensor& theta = plain.theta0();
};

// Sums of 150 terms in another order: double leaves 1e-14.
TEST_F(ChunkMemory, HalvesTheChunkAndGoesOn) {
  EXPECT_EQ(short_.chunkCount(), 1);
  EXPECT_NEAR(short_.evaluate(theta).loss, plain.evaluate(theta).loss, 1e-13);
  EXPECT_EQ(short_.chunkSize(), 19);  // 150 at most, 75, 38, 19
  EXPECT_LT(relativeDifference(short_.gradient(theta), plain.gradient(theta)), 1e-13);
  EXPECT_TRUE(at::allclose(short_.outputs(theta), plain.outputs(theta), 1e-13, 1e-13));
  EXPECT_EQ(static_cast<const Roomy&>(*short_.parts().model).refusals, 3) << "found out once, remembered after that";
  const std::string note = trainer::takeMemoryNote();
  EXPECT_NE(note.find("150 samples at a time: 19"), std::string::npos) << note;
  EXPECT_EQ(trainer::takeMemoryNote(), "");
}

TEST_F(ChunkMemory, ProductsGoOnToo) {
  const at::Tensor v = gaussian(theta.numel(), 4);
  const auto hessian = short_.hessian(theta, 1 << 30, {});
  EXPECT_LT(relativeDifference(hessian->apply(v), plain.hessian(theta, 1 << 30, {})->apply(v)), 1e-12);
  const auto gaussNewton = short_.outputCurvature(OutputCurvature::gaussNewton, theta, 1 << 30, {});
  EXPECT_LT(relativeDifference(gaussNewton->apply(v), plain.outputCurvature(OutputCurvature::gaussNewton, theta, 1 << 30, {})->apply(v)), 1e-12);
}

// What one operator keeps is for the chunks of then; another may have halved them since.
TEST_F(ChunkMemory, KeptGraphsOfOtherChunksAreDropped) {
  const at::Tensor v = gaussian(theta.numel(), 4);
  ModelObjective::Parts parts = digitsParts(roomy(40), at::kDouble, 150);
  parts.chunk = 40;
  ModelObjective objective(parts);
  HessianOperator hessian(objective, {theta, parts.buffers}, 1 << 30, {});
  EXPECT_EQ(hessian.keptChunks(), 4);
  bool first = true;
  objective.withinMemory([&] {
    if (!std::exchange(first, false)) return 0;
    throw std::bad_alloc();
  });
  EXPECT_EQ(objective.chunkSize(), 20);
  EXPECT_LT(relativeDifference(hessian.apply(v), plain.hessian(theta, 1 << 30, {})->apply(v)), 1e-12);
  EXPECT_EQ(hessian.keptChunks(), 0);
}

TEST_F(ChunkMemory, KeepingStopsWhereMemoryRunsOut) {
  const auto make = [](std::int64_t c) {
    if (c == 5) throw std::bad_alloc();
    return at::full({10}, static_cast<double>(c));
  };
  const auto kept = keepWhileItFits<at::Tensor>(8, 1 << 30, make);
  ASSERT_EQ(kept.size(), 2U);  // half of the five: room for the chunks that are rebuilt
  EXPECT_EQ(kept[1][0].item<double>(), 1);
}

TEST_F(ChunkMemory, OneSampleAtATimeIsTheEnd) {
  ModelObjective none(digitsParts(roomy(0), at::kDouble, 150));
  EXPECT_THROW(none.evaluate(theta), trainer::DeviceError);
  EXPECT_EQ(none.chunkSize(), 1);
}

// With each batch's own statistics fewer samples would be another loss.
TEST_F(ChunkMemory, BatchesAreNotCut) {
  const auto resnet = trainer::buildModel("resnet8", "relu", {.channels = 1, .height = 8, .width = 8, .classes = 10});
  ModelObjective::Parts parts = digitsParts(std::make_shared<Roomy>(resnet, 20), at::kFloat, 60);
  parts.chunk = 30, parts.policy = BatchNormPolicy::train;
  ModelObjective objective(parts);
  try {
    objective.evaluate(parts.theta);
    FAIL() << "a batch was cut";
  } catch (const trainer::DeviceError& e) {
    EXPECT_NE(std::string(e.what()).find("batch of 30 samples"), std::string::npos) << e.what();
  }
  EXPECT_EQ(objective.chunkSize(), 30);
  EXPECT_EQ(trainer::takeMemoryNote(), "");
}

// A request that no machine can fill: the CPU's allocator has no type of its own for its error.
TEST_F(ChunkMemory, KnowsTheCpuAllocatorsError) {
  const auto ranOut = [](const auto& work) {
    try {
      work();
    } catch (...) {
      return trainer::memoryRanOut();
    }
    return false;
  };
  EXPECT_TRUE(ranOut([] { return at::empty({std::int64_t{1} << 50}, at::kByte); }));
  EXPECT_TRUE(ranOut([]() -> int { throw std::bad_alloc(); }));
  EXPECT_FALSE(ranOut([] { return at::ones({2}) + at::ones({3}); }));
  EXPECT_FALSE(ranOut([]() -> int { throw 7; }));
}

TEST_F(ChunkMemory, TrainingsEvaluationGoesOn) {
  trainer::PreparedRun run;
  run.spec.device = "cpu";
  run.spec.normalisation = plain.parts().normalisation;
  run.dtype = at::kDouble;
  run.batchSize = 64;
  run.data.train = plain.parts().data;
  run.model = digitsModel("mlp:64-6-10");
  const trainer::LossAndAccuracy expected = trainer::evaluate(run, {theta, {}}, run.data.train, {});
  const at::Tensor gradient = trainer::fullGradient(run, {theta, {}});
  run.model = roomy(20);
  const trainer::LossAndAccuracy found = trainer::evaluate(run, {theta, {}}, run.data.train, {});
  EXPECT_NEAR(found.loss, expected.loss, 1e-13);
  EXPECT_EQ(found.accuracy, expected.accuracy);
  EXPECT_LT(relativeDifference(trainer::fullGradient(run, {theta, {}}), gradient), 1e-13);
}

}  // namespace
}  // namespace analysis
