// SPDX-License-Identifier: GPL-3.0-or-later
// Value and gradient of the loss: in closed form where there is one, against differences where there is none.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "analysis/objective.h"
#include "tests/analysis/small_problem.h"
#include "tests/trainer/temporary_folder.h"

namespace analysis {
namespace {

using testing::digitsModel;
using testing::digitsParts;
using testing::gaussian;
using testing::relativeDifference;

/// A linear classifier in double: cross entropy of softmax(W x + b), all of it known by hand.
ModelObjective::Parts linearParts() { return digitsParts(digitsModel("mlp:64-10"), at::kDouble, 200); }

ModelObjective::Parts mlpParts() { return digitsParts(digitsModel("mlp:64-6-10"), at::kDouble, 150); }

at::Tensor inputs(const ModelObjective::Parts& p) { return trainer::normalise(p.data.inputs, p.normalisation, at::kDouble).flatten(1); }

/// softmax(W x + b) - onehot(label), [N,10].
at::Tensor errors(const ModelObjective::Parts& p) {
  const at::Tensor weight = p.theta.slice(0, 0, 640).view({10, 64}), bias = p.theta.slice(0, 640);
  return at::softmax(at::mm(inputs(p), weight.t()) + bias, 1) - at::one_hot(p.data.labels, 10);
}

TEST(ModelObjective, LossAtZeroIsLogOfTheClasses) {
  ModelObjective::Parts parts = linearParts();
  parts.theta = at::zeros_like(parts.theta);
  ModelObjective objective(parts);
  const Evaluation e = objective.evaluate(objective.theta0());
  EXPECT_NEAR(e.loss, std::log(10.0), 1e-14);
  // All logits are equal, so that the first class is chosen: the share of zeros among the labels.
  EXPECT_DOUBLE_EQ(e.accuracy, parts.data.labels.eq(0).to(at::kDouble).mean().item<double>());
}

TEST(ModelObjective, LinearClassifierIsItsClosedForm) {
  const ModelObjective::Parts parts = linearParts();
  ModelObjective objective(parts);
  const at::Tensor p = errors(parts) + at::one_hot(parts.data.labels, 10), x = inputs(parts);
  const at::Tensor ofLabel = p.gather(1, parts.data.labels.unsqueeze(1));
  const Evaluation e = objective.evaluate(objective.theta0());
  EXPECT_NEAR(e.loss, -ofLabel.log().mean().item<double>(), 1e-13);
  EXPECT_DOUBLE_EQ(e.accuracy, p.argmax(1).eq(parts.data.labels).to(at::kDouble).mean().item<double>());
  const at::Tensor d = errors(parts) / 200;
  const at::Tensor expected = at::cat({at::mm(d.t(), x).flatten(), d.sum(0)});
  EXPECT_LT(relativeDifference(objective.gradient(objective.theta0()), expected), 1e-13);
}

// The stencil's error is h^2/6 = 2e-11 times a third derivative of order one, and eps L/h = 4e-11.
TEST(ModelObjective, GradientIsTheSlopeOfTheLoss) {
  constexpr double h = 1e-5;
  for (const char* name : {"mlp:64-6-10", "tiny convolution"}) {
    ModelObjective objective(digitsParts(digitsModel(name), at::kDouble, 100));
    const at::Tensor& theta = objective.theta0();
    at::Tensor v = gaussian(theta.numel(), 8);
    v = v / v.norm();
    const double slope = (objective.evaluate(theta + h * v).loss - objective.evaluate(theta - h * v).loss) / (2 * h);
    EXPECT_NEAR(at::dot(objective.gradient(theta), v).item<double>(), slope, 1e-9) << name;
  }
}

// Sums of 150 terms in another order: double leaves 1e-14.
TEST(ModelObjective, ChunksChangeNothing) {
  ModelObjective::Parts parts = mlpParts();
  ModelObjective whole(parts);
  const at::Tensor& theta = whole.theta0();
  const Evaluation expected = whole.evaluate(theta);
  const at::Tensor gradient = whole.gradient(theta);
  EXPECT_EQ(whole.chunkCount(), 1);
  for (const std::int64_t chunk : {1, 7, 149, 150, 1000}) {
    parts.chunk = chunk;
    ModelObjective objective(parts);
    EXPECT_EQ(objective.chunkCount(), (150 + chunk - 1) / chunk);
    const Evaluation e = objective.evaluate(theta);
    EXPECT_NEAR(e.loss, expected.loss, 1e-13) << chunk;
    EXPECT_DOUBLE_EQ(e.accuracy, expected.accuracy) << chunk;
    EXPECT_LT(relativeDifference(objective.gradient(theta), gradient), 1e-12) << chunk;
  }
}

TEST(ModelObjective, ChunkLossesAddUpToTheLossWithoutDecay) {
  ModelObjective::Parts parts = mlpParts();
  parts.chunk = 40;
  ModelObjective plain(parts);
  parts.weightDecay = 0.3;
  const ModelObjective decayed(parts);
  double sum = 0;
  for (std::int64_t c = 0; c < decayed.chunkCount(); ++c) sum += decayed.chunkLoss(c, {decayed.theta0(), decayed.parts().buffers}).item<double>();
  EXPECT_NEAR(sum, plain.evaluate(plain.theta0()).loss, 1e-13);
}

TEST(ModelObjective, WeightDecayAddsHalfTheSquaresAndTheta) {
  ModelObjective::Parts parts = mlpParts();
  ModelObjective plain(parts);
  parts.weightDecay = 0.25;
  ModelObjective decayed(parts);
  const at::Tensor& theta = plain.theta0();
  EXPECT_NEAR(decayed.evaluate(theta).loss - plain.evaluate(theta).loss, 0.125 * theta.square().sum().item<double>(), 1e-12);
  EXPECT_DOUBLE_EQ(decayed.evaluate(theta).accuracy, plain.evaluate(theta).accuracy);
  EXPECT_LT(relativeDifference(decayed.gradient(theta) - plain.gradient(theta), 0.25 * theta), 1e-12);
}

// A float network's logits carry 1e-7 of their size; the sums over the samples are in double.
TEST(ModelObjective, FloatAgreesWithDouble) {
  for (const char* name : {"mlp:64-6-10", "cnn"}) {
    ModelObjective wide(digitsParts(digitsModel(name, "relu"), at::kDouble, 150));
    ModelObjective narrow(digitsParts(digitsModel(name, "relu"), at::kFloat, 150));
    EXPECT_NEAR(narrow.evaluate(narrow.theta0()).loss, wide.evaluate(wide.theta0()).loss, 1e-6) << name;
    const at::Tensor gradient = narrow.gradient(narrow.theta0());
    EXPECT_EQ(gradient.scalar_type(), at::kFloat);
    EXPECT_LT(relativeDifference(gradient, wide.gradient(wide.theta0())), 1e-5) << name;
  }
}

// Beyond the logits nothing is in float: log-softmax and sums over the samples are in double.
TEST(ModelObjective, FloatLogitsAreSummedInDouble) {
  const ModelObjective::Parts parts = digitsParts(digitsModel("mlp:64-6-10", "relu"), at::kFloat, 150);
  ModelObjective objective(parts);
  const at::Tensor x = trainer::normalise(parts.data.inputs, parts.normalisation, at::kFloat);
  const at::Tensor logits = parts.model->forward(parts.theta, x).to(at::kDouble);
  const double expected = trainer::crossEntropy(logits, parts.data.labels).item<double>();
  EXPECT_NEAR(objective.evaluate(objective.theta0()).loss, expected, 1e-13);
}

TEST(ModelObjective, ALossThatIsNotFiniteIsReturnedAsItIs) {
  ModelObjective objective(mlpParts());
  EXPECT_TRUE(std::isnan(objective.evaluate(at::full_like(objective.theta0(), std::numeric_limits<double>::quiet_NaN())).loss));
}

TEST(ModelObjective, RefusesNoSamplesAndAThetaOfAnotherSize) {
  ModelObjective::Parts none = mlpParts();
  none.data = {none.data.inputs.slice(0, 0, 0), none.data.labels.slice(0, 0, 0)};
  EXPECT_NE(messageOf<std::invalid_argument>([&] { ModelObjective objective(none); }).find("at least one sample"), std::string::npos);
  ModelObjective::Parts other = mlpParts();
  other.theta = at::zeros({7}, at::kDouble);
  EXPECT_NE(messageOf<std::invalid_argument>([&] { ModelObjective objective(other); }).find("7 numbers"), std::string::npos);
}

TEST(MemoryBudget, OfThisMachineIsSomethingToWorkWith) {
  const std::int64_t budget = defaultMemoryBudget(at::Device("cpu"));
  EXPECT_GT(budget, std::int64_t{1} << 20);
  EXPECT_LT(budget, std::int64_t{1} << 50);
}

TEST(StateHash, IsUnchangedByEveryCall) {
  ModelObjective objective(mlpParts());
  const at::Tensor theta = objective.theta0(), kept = theta.clone();
  const std::string before = objective.stateHash();
  objective.evaluate(theta);
  objective.gradient(theta);
  objective.evaluate(theta + 1);
  objective.hessian(theta, 0, {})->apply(theta);
  EXPECT_EQ(objective.stateHash(), before);
  EXPECT_TRUE(at::equal(theta, kept));
  EXPECT_FALSE(theta.requires_grad());
  EXPECT_FALSE(theta.grad().defined());
}

TEST(StateHash, TellsParametersSamplesAndRandomState) {
  ModelObjective::Parts parts = mlpParts();
  const ModelObjective objective(parts);
  const std::string before = objective.stateHash();
  EXPECT_EQ(ModelObjective(parts).stateHash(), before);

  ModelObjective::Parts moved = parts;
  moved.theta = parts.theta.clone();
  moved.theta[5] += 1e-15;
  EXPECT_NE(ModelObjective(moved).stateHash(), before);

  ModelObjective::Parts relabelled = parts;
  relabelled.data.labels = (parts.data.labels + 1).remainder(10);
  EXPECT_NE(ModelObjective(relabelled).stateHash(), before);

  at::randn({1});
  EXPECT_NE(objective.stateHash(), before);
}

}  // namespace
}  // namespace analysis
