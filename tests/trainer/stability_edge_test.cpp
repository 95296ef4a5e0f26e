// SPDX-License-Identifier: GPL-3.0-or-later
// Each edge against the optimizer itself on a quadratic: just below it the iterates shrink, just above they grow.
#include "trainer/run/stability_edge.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "trainer/base/random.h"
#include "trainer/optim/base_step.h"
#include "trainer/optim/sharpness_step.h"

namespace trainer {
namespace {

constexpr double kOff = 0.01;  ///< of the edge, to either side

ParameterLayout layoutOf(std::int64_t size) {
  ParameterLayout layout;
  layout.append("x.weight", {size}, ParameterKind::weight);
  return layout;
}

/// a x^2/2.
class Quadratic : public BatchObjective {
 public:
  explicit Quadratic(at::Tensor curvatures) : a_(std::move(curvatures)) {}
  std::int64_t groups() const override { return 1; }
  double weight(std::int64_t) const override { return 1; }
  LossAndGradient first(std::int64_t, const at::Tensor& x) override { return {0.5 * at::dot(x, a_ * x), a_ * x}; }
  at::Tensor again(std::int64_t, const at::Tensor& x) override { return a_ * x; }
  at::Tensor hessianProduct(std::int64_t, const at::Tensor&, const at::Tensor& v) override { return a_ * v; }

 private:
  at::Tensor a_;
};

/// |x| after `steps` of the base step at curvature a, from 1.
double lengthAfter(const BaseOptions& options, double a, double rate, int steps) {
  at::Tensor x = at::ones({1}, at::kDouble);
  const auto step = makeBaseStep(options, layoutOf(1), x);
  for (int t = 0; t < steps; ++t) step->apply(x, a * x, rate);
  return x.abs().item<double>();
}

// Near the edge the slower of the two roots of the recurrence has modulus 1 -+ O(kOff): 4000 steps shrink or grow by e^(4000 kOff (1 - beta)) at least.
TEST(StabilityEdges, ofMomentumMethodsAreWhereTheirOwnStepsTurn) {
  for (const double eta : {0.01, 0.3, 2.0}) {
    for (const double beta : {0.0, 0.5, 0.9}) {
      for (const bool nesterov : {false, true}) {
        if (nesterov && beta == 0) continue;
        const BaseOptions options{.name = "sgd", .momentum = beta, .nesterov = nesterov};
        const double edge = beta == 0 ? gradientDescentEdge(eta) : nesterov ? nesterovEdge(eta, beta) : heavyBallEdge(eta, beta);
        EXPECT_LT(lengthAfter(options, edge * (1 - kOff), eta, 4000), 0.1) << eta << " " << beta << " " << nesterov;
        EXPECT_GT(lengthAfter(options, edge * (1 + kOff), eta, 4000), 10) << eta << " " << beta << " " << nesterov;
      }
    }
  }
  EXPECT_EQ(heavyBallEdge(0.1, 0), gradientDescentEdge(0.1));
  EXPECT_EQ(nesterovEdge(0.1, 0), gradientDescentEdge(0.1));
}

// Adam's second moments are held fixed (as they nearly are with beta2 near 1): D = sqrt(v/(1 - beta2^t)) + eps at a large t, where the first bias correction is 1.
TEST(StabilityEdges, ofAdamIsThatOfThePreconditionedCurvature) {
  constexpr double kBeta2 = 1 - 1e-15;
  constexpr std::int64_t kLate = 1'000'000;
  for (const double beta1 : {0.0, 0.5, 0.9}) {
    const double eta = 0.01, v = 0.04;
    const double d = std::sqrt(v / (1 - std::pow(kBeta2, kLate))) + 1e-8;
    for (const double off : {-kOff, kOff}) {
      const double a = d * adamEdge(eta, beta1) * (1 + off);
      at::Tensor x = at::full({1}, 1e-12, at::kDouble);  // small enough for its squares not to move v
      const auto step = makeBaseStep({.name = "adam", .beta1 = beta1, .beta2 = kBeta2}, layoutOf(1), x);
      step->restore({.vectors = {{"exp_avg", at::zeros({1}, at::kDouble)}, {"exp_avg_sq", at::full({1}, v, at::kDouble)}}, .numbers = {{"adam_step", kLate}}});
      for (int t = 0; t < 4000; ++t) {
        step->apply(x, a * x, eta);
        if (x.abs().item<double>() > 1e-9) break;
      }
      if (off < 0) EXPECT_LT(x.abs().item<double>(), 1e-13) << beta1;
      else EXPECT_GT(x.abs().item<double>(), 1e-11) << beta1;
    }
  }
}

// x' = x (1 - eta a (1 + c a/||g||)): shorter than x just below the edge with the ||g|| that is there, longer just above. With momentum the same
// holds of a step whose buffer is that of the flipping iterates, g/(1 + beta).
TEST(StabilityEdges, ofSamAndThePenaltyFollowTheGradientNorm) {
  for (const double beta : {0.0, 0.9}) {
    for (const auto& [method, rho, alpha] : {std::tuple("sam", 0.05, 1.0), std::tuple("penalty", 0.1, 0.8), std::tuple("penalty", 0.2, 0.3)}) {
      for (const std::string product : {"difference", "exact"}) {
        for (const double norm : {1e-4, 1e-2, 1.0, 100.0}) {
          const double eta = 0.2, e = eta / (1 + beta), c = alpha * rho;
          if (product == "exact" && std::string(method) == "sam") continue;
          const double edge = penaltyEdge(e, c, norm);
          EXPECT_NEAR(edge, norm / (2 * c) * (std::sqrt(1 + 8 * c / (e * norm)) - 1), 1e-9 * edge) << "the published form";
          for (const double off : {-kOff, kOff}) {
            const double a = edge * (1 + off);
            at::Tensor x = at::full({1}, norm / a, at::kDouble);  // ||g|| = norm
            Quadratic objective(at::full({1}, a, at::kDouble));
            SharpnessStep sharpness({.method = method, .rho = rho, .alpha = alpha, .penaltyProduct = product}, layoutOf(1));
            const at::Tensor g = sharpness.gradient(objective, x, 0).combined;
            const auto step = makeBaseStep({.name = "sgd", .momentum = beta}, layoutOf(1), x);
            if (beta > 0) step->restore({.vectors = {{"momentum", -g / (1 + beta)}}, .numbers = {}});
            const double before = x.abs().item<double>();
            step->apply(x, g, eta);
            if (off < 0) EXPECT_LT(x.abs().item<double>(), before) << method << " " << norm;
            else EXPECT_GT(x.abs().item<double>(), before) << method << " " << norm;
          }
        }
      }
    }
  }
  EXPECT_EQ(penaltyEdge(0.2, 0, 1), 10);
  EXPECT_EQ(penaltyEdge(0.2, 0.1, 0), 0);
  EXPECT_NEAR(penaltyEdge(0.2, 1e-12, 1), 10, 1e-9);
}

// From any start SAM's own iterates come to a cycle at which the edge is the curvature.
TEST(StabilityEdges, ofSamIsWhereItsCycleLies) {
  const double eta = 0.2, rho = 0.05, a = 7;  // below 2/eta = 10: gradient descent would converge
  at::Tensor x = at::full({1}, 3.0, at::kDouble);
  Quadratic objective(at::full({1}, a, at::kDouble));
  SharpnessStep sharpness({.method = "sam", .rho = rho}, layoutOf(1));
  const auto step = makeBaseStep({.name = "sgd", .momentum = 0}, layoutOf(1), x);
  double norm = 0;
  for (int t = 0; t < 500; ++t) {
    const StepGradient g = sharpness.gradient(objective, x, t);
    norm = g.gradientNorm.item<double>();
    step->apply(x, g.combined, eta);
  }
  EXPECT_NEAR(penaltyEdge(eta, rho, norm), a, 1e-6 * a);
}

RunSpec fullBatch(std::function<void(RunSpec&)> change = {}) {
  RunSpec s;
  s.data = "digits";
  s.model = "mlp:64-32-10";
  s.batchSize = kAllItems;
  s.momentum = 0;
  if (change) change(s);
  return resolve(s, nullptr);
}

StabilityEdge edgeOf(std::function<void(RunSpec&)> change = {}) { return stabilityEdge(fullBatch(std::move(change)), 1442, 1442); }

TEST(StabilityEdge, belongsToTheQuantityThatSettlesThere) {
  EXPECT_EQ(edgeOf().measure, "lambda-max");
  EXPECT_EQ(edgeOf().formula, "2/\u03B7");
  EXPECT_EQ(edgeOf([](RunSpec& s) { s.batchSize = 1442; }).measure, "lambda-max");
  EXPECT_EQ(edgeOf([](RunSpec& s) { s.sharpness = "sam"; }).measure, "lambda-max");
  EXPECT_EQ(edgeOf([](RunSpec& s) { s.sharpness = "penalty"; }).measure, "lambda-max");
  EXPECT_EQ(edgeOf([](RunSpec& s) { s.sharpness = "penalty", s.penaltyProduct = "exact"; }).measure, "lambda-max");
  EXPECT_EQ(edgeOf([](RunSpec& s) { s.optimizer = "adam"; }).measure, "preconditioned-lambda-max");
  EXPECT_EQ(edgeOf([](RunSpec& s) { s.batchSize = 64; }).measure, "batch-sharpness");
  EXPECT_EQ(edgeOf([](RunSpec& s) { s.batchSize = 64, s.model = "resnet20"; }).measure, "batch-sharpness") << "measured with the statistics of the batch";
  EXPECT_EQ(edgeOf([](RunSpec& s) { s.weightDecay = 0.1; }).measure, "lambda-max") << "L2 is part of the loss";
}

TEST(StabilityEdge, isSilentWhereItDoesNotHold) {
  const std::vector<std::function<void(RunSpec&)>> breaks{
      [](RunSpec& s) { s.clipNorm = 1; },
      [](RunSpec& s) { s.dropout = 0.5; },
      [](RunSpec& s) { s.augment = "standard", s.model = "cnn"; },
      [](RunSpec& s) { s.model = "resnet20"; },
      [](RunSpec& s) { s.weightDecay = 0.1, s.weightDecayMode = "decoupled"; },
      [](RunSpec& s) { s.optimizer = "lion"; },
      [](RunSpec& s) { s.optimizer = "adam", s.sharpness = "sam"; },
      [](RunSpec& s) { s.sharpness = "asam"; },
      [](RunSpec& s) { s.sharpness = "sam", s.perturbOnly = "weight"; },
      [](RunSpec& s) { s.sharpness = "sam", s.perturbEvery = 2; },
      [](RunSpec& s) { s.sharpness = "penalty", s.referenceTerm = "unit"; },
      [](RunSpec& s) { s.batchSize = 64, s.momentum = 0.9; },
      [](RunSpec& s) { s.batchSize = 64, s.sharpness = "sam"; },
  };
  for (std::size_t i = 0; i < breaks.size(); ++i) {
    EXPECT_EQ(edgeOf(breaks[i]).measure, "") << i;
    EXPECT_NE(edgeOf(breaks[i]).reason, "") << i;
  }
  EXPECT_EQ(stabilityEdge(fullBatch(), 1442, 1024).measure, "") << "measured on a part";
  EXPECT_EQ(stabilityEdge(fullBatch(), std::nullopt, 1024).measure, "");
  EXPECT_EQ(stabilityEdge(fullBatch(), std::nullopt, 500).measure, "lambda-max") << "fewer than asked for are all";
}

TEST(StabilityEdge, goesAlongWithTheRateTheGradientAndTheChangesByHand) {
  RunRecord record;
  record.stepRecords = {{.step = 1, .gradientNorm = 2, .learningRate = 0.1}, {.step = 2, .gradientNorm = 1, .learningRate = 0.05}};
  EXPECT_EQ(edgeAlong(fullBatch(), record, edgeOf()), (std::vector<EdgePoint>{{1, 20}, {2, 40}}));
  const auto sam = [](RunSpec& s) { s.sharpness = "sam", s.rho = 0.5; };
  record.events = {{2, "rho", 0.25}};
  const auto points = edgeAlong(fullBatch(sam), record, edgeOf(sam));
  ASSERT_EQ(points.size(), 2u);
  EXPECT_DOUBLE_EQ(points[0].value, penaltyEdge(0.1, 0.5, 2));
  EXPECT_DOUBLE_EQ(points[1].value, penaltyEdge(0.05, 0.25, 1));
  EXPECT_TRUE(edgeAlong(fullBatch(), record, {}).empty());
}

}  // namespace
}  // namespace trainer
