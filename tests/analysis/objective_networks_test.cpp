// SPDX-License-Identifier: GPL-3.0-or-later
// Objectives of networks with running statistics, with attention, on tokens and with other losses.
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "analysis/operators/hessian.h"
#include "analysis/surface/directions.h"
#include "tests/analysis/small_problem.h"
#include "tests/trainer/temporary_folder.h"

namespace analysis {
namespace {

using testing::digitsModel;
using testing::digitsParts;
using testing::gaussian;
using testing::largest;
using testing::relativeDifference;

constexpr std::int64_t kPlenty = std::int64_t{1} << 30;

/// resnet20 on 8 x 8 digits; its running statistics are not the initial ones, so that it matters which are used.
ModelObjective::Parts resnetParts(std::int64_t count) {
  ModelObjective::Parts parts = digitsParts(digitsModel("resnet20", "relu"), at::kDouble, count);
  const at::Tensor initial = parts.model->initialBuffers(at::kDouble);
  parts.buffers = initial + 0.1 * gaussian(initial.numel(), 9).abs();
  return parts;
}

/// A transformer of one block on random sequences of 6 of 7 tokens.
ModelObjective::Parts gptParts(std::int64_t count) {
  const auto model = trainer::buildModel("gpt:1-8-2", "gelu", {.channels = 1, .height = 1, .width = 6, .classes = 7, .tokens = true});
  trainer::RandomStream stream(4);
  at::Tensor tokens = at::empty({count, 7}, at::kLong);
  for (std::int64_t i = 0; i < tokens.numel(); ++i) tokens.mutable_data_ptr<std::int64_t>()[i] = static_cast<std::int64_t>(stream.below(7));
  return {.model = model,
          .theta = trainer::initialise(model->layout(), 3, at::kDouble) + 0.1 * gaussian(model->layout().size(), 8),
          .data = {tokens.slice(1, 0, 6).reshape({count, 1, 1, 6}).contiguous(), tokens.slice(1, 1, 7).contiguous()},
          .normalisation = {}};
}

/// ||difference of gradients - H v|| / ||H v|| along a random unit vector.
double hessianError(const ModelObjective::Parts& parts, double h) {
  ModelObjective objective(parts);
  const at::Tensor& theta = objective.theta0();
  at::Tensor v = gaussian(theta.numel(), 2);
  v = v / v.norm();
  const at::Tensor difference = (objective.gradient(theta + h * v) - objective.gradient(theta - h * v)) / (2 * h);
  return relativeDifference(difference, HessianOperator(objective, {theta, objective.parts().buffers}, kPlenty, {}).apply(v));
}

// A step of 1e-7 crosses none of ReLU's kinks here; what is left is eps/h = 2e-9, larger by the sums of twenty layers.
TEST(Networks, HessianProductOfAResnetIsADifferenceOfGradients) { EXPECT_LT(hessianError(resnetParts(6), 1e-7), 1e-5); }

// Smooth: h^2 times a relative third derivative, and eps/h = 2e-11.
TEST(Networks, HessianProductsOfTransformersAreDifferencesOfGradients) {
  EXPECT_LT(hessianError(gptParts(5), 1e-5), 1e-7);
  EXPECT_LT(hessianError(digitsParts(digitsModel("vit:1-8-2-4", "gelu"), at::kDouble, 8), 1e-5), 1e-7);
}

// In evaluation mode an item's logits depend on no other item: chunks change nothing, which they would with the batch's statistics.
TEST(Networks, RunningStatisticsAreUsedAndChunksChangeNothing) {
  ModelObjective::Parts parts = resnetParts(9);
  ModelObjective whole(parts);
  const at::Tensor& theta = whole.theta0();
  const at::Tensor x = trainer::normalise(parts.data.inputs, parts.normalisation, at::kDouble);
  const double expected = trainer::crossEntropy(parts.model->forward(theta, x, {.buffers = parts.buffers}), parts.data.labels).item<double>();
  EXPECT_NEAR(whole.evaluate(theta).loss, expected, 1e-12);
  parts.chunk = 2;
  ModelObjective chunked(parts);
  EXPECT_NEAR(chunked.evaluate(theta).loss, expected, 1e-12);
  EXPECT_LT(relativeDifference(chunked.gradient(theta), whole.gradient(theta)), 1e-11);
  parts.buffers = at::Tensor();
  EXPECT_GT(std::abs(ModelObjective(parts).evaluate(theta).loss - expected), 1e-3);
}

TEST(Networks, StateHashTellsTheRunningStatistics) {
  ModelObjective::Parts parts = resnetParts(3);
  const std::string before = ModelObjective(parts).stateHash();
  parts.buffers = parts.buffers.clone();
  parts.buffers[7] += 1e-12;
  EXPECT_NE(ModelObjective(parts).stateHash(), before);
}

TEST(Networks, RefusesStatisticsOfAnotherSize) {
  ModelObjective::Parts parts = resnetParts(3);
  parts.buffers = at::zeros({5}, at::kDouble);
  EXPECT_NE(messageOf<std::invalid_argument>([&] { ModelObjective objective(parts); }).find("5 running statistics"), std::string::npos);
}

// Samples are sequences, the loss is the mean over all positions: by hand, from the logits.
TEST(Networks, TokensAreAveragedOverAllPositions) {
  ModelObjective::Parts parts = gptParts(5);
  parts.chunk = 2;
  ModelObjective objective(parts);
  EXPECT_EQ(objective.sampleCount(), 5);
  const at::Tensor logits = parts.model->forward(parts.theta, parts.data.inputs);
  ASSERT_EQ(logits.sizes(), at::IntArrayRef({5, 6, 7}));
  const at::Tensor ofLabel = at::log_softmax(logits, 2).gather(2, parts.data.labels.unsqueeze(2));
  const Evaluation e = objective.evaluate(objective.theta0());
  EXPECT_NEAR(e.loss, -ofLabel.sum().item<double>() / 30, 1e-13);
  EXPECT_DOUBLE_EQ(e.accuracy, logits.argmax(2).eq(parts.data.labels).sum().item<double>() / 30);
  double sum = 0;
  for (std::int64_t c = 0; c < objective.chunkCount(); ++c) sum += objective.chunkLoss(c, {objective.theta0(), objective.parts().buffers}).item<double>();
  EXPECT_NEAR(sum, e.loss, 1e-13);
}

// (1 - s) of the label's term and s of the mean over the classes; the mse is the mean over items and classes.
TEST(Networks, SmoothedAndSquaredLossesAreTheirFormulas) {
  ModelObjective::Parts parts = digitsParts(digitsModel("mlp:64-6-10"), at::kDouble, 50);
  const at::Tensor logits = parts.model->forward(parts.theta, trainer::normalise(parts.data.inputs, parts.normalisation, at::kDouble));
  const at::Tensor logs = at::log_softmax(logits, 1), hot = at::one_hot(parts.data.labels, 10).to(at::kDouble);
  parts.loss = {.kind = "cross-entropy", .labelSmoothing = 0.2};
  ModelObjective smoothed(parts);
  EXPECT_NEAR(smoothed.evaluate(parts.theta).loss, -((0.8 * hot + 0.02) * logs).sum(1).mean().item<double>(), 1e-13);
  parts.loss = {.kind = "mse"};
  ModelObjective squared(parts);
  EXPECT_NEAR(squared.evaluate(parts.theta).loss, (logits - hot).square().mean().item<double>(), 1e-13);
  for (ModelObjective* o : {&smoothed, &squared}) {
    const at::Tensor v = gaussian(parts.theta.numel(), 5) / 30;
    const double h = 1e-5, slope = (o->evaluate(parts.theta + h * v).loss - o->evaluate(parts.theta - h * v).loss) / (2 * h);
    EXPECT_NEAR(at::dot(o->gradient(parts.theta), v).item<double>(), slope, 1e-9);
  }
}

// A row of an embedding is its filter, also where it has three dimensions; a norm's 1-D weights follow --one-d.
TEST(Networks, DirectionsScaleRowsOfEmbeddings) {
  const auto vit = digitsModel("vit:1-8-2-4", "gelu");
  for (const auto& model : {gptParts(1).model, vit}) {
    const at::Tensor theta = gaussian(model->layout().size(), 6);
    const at::Tensor d = randomDirection(model->layout(), theta, {});
    std::int64_t embeddings = 0;
    for (const trainer::ParameterSlice& slice : model->layout().slices()) {
      const auto part = [&](const at::Tensor& t) { return t.narrow(0, slice.offset, slice.count()); };
      if (slice.shape.size() < 2) {
        EXPECT_EQ(largest(part(d)), 0) << slice.name;
      }
      if (slice.kind != trainer::ParameterKind::embedding) continue;
      ++embeddings;
      const auto rows = [&](const at::Tensor& t) { return part(t).view({-1, slice.shape.back()}).norm(2, 1); };
      EXPECT_LT(largest(rows(d) / rows(theta) - 1), 1e-12) << slice.name;
    }
    EXPECT_EQ(embeddings, 2);
  }
}

}  // namespace
}  // namespace analysis
