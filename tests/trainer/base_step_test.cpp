// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/optim/base_step.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/optim/adamw.h>

#include <cmath>
#include <stdexcept>

#include "tests/trainer/numbers_read.h"
#include "tests/trainer/sharpness_twin.h"

namespace trainer {
namespace {

using twin::Numbers;

constexpr double kRate = 0.03, kDecay = 0.2;

/// A tall and a wide matrix for muon, a convolution of the same shape, an embedding by name, vectors, and a classifier.
ParameterLayout layout() {
  ParameterLayout l;
  l.append("wte.weight", {3, 2}, ParameterKind::weight);
  l.append("tall.weight", {4, 2}, ParameterKind::weight);
  l.append("tall.bias", {4}, ParameterKind::bias);
  l.append("norm.weight", {2}, ParameterKind::norm);
  l.append("conv.weight", {2, 2, 1, 3}, ParameterKind::weight);
  l.append("wide.weight", {2, 6}, ParameterKind::weight);
  l.append("last.weight", {3, 4}, ParameterKind::weight);
  l.append("last.bias", {2}, ParameterKind::bias);
  return l;
}
const ParameterLayout kLayout = layout();
const std::int64_t kSize = kLayout.size();

at::Tensor start(at::ScalarType dtype = at::kDouble) { return at::arange(kSize, at::kDouble).mul(0.7).sin().to(dtype); }
at::Tensor gradientAt(int t, at::ScalarType dtype = at::kDouble) {
  return at::arange(kSize, at::kDouble).mul(1.3 + t).cos().mul(1 + 0.1 * t).to(dtype);
}

std::vector<BaseOptions> variants() {
  std::vector<BaseOptions> all;
  for (const double decay : {0.0, kDecay}) {
    all.push_back({.name = "sgd", .momentum = 0, .decoupledDecay = decay});
    all.push_back({.name = "sgd", .momentum = 0.8, .decoupledDecay = decay});
    all.push_back({.name = "sgd", .momentum = 0.8, .nesterov = true, .decoupledDecay = decay});
    for (const char* name : {"adam", "adamw", "lion"}) all.push_back({.name = name, .beta1 = 0.8, .beta2 = 0.95, .decoupledDecay = decay});
    all.push_back({.name = "muon", .momentum = 0.9, .beta1 = 0.8, .beta2 = 0.95, .decoupledDecay = decay});
  }
  return all;
}

/// The base steps once more, number by number and tensor by tensor.
class Twin {
 public:
  Twin(const BaseOptions& options, Numbers first) : o_(options), theta(std::move(first)), b_(theta.size(), 0), v_(b_) {}

  void step(const Numbers& g, double rate) {
    ++t_;
    for (double& x : theta) x *= 1 - rate * o_.decoupledDecay;
    for (const ParameterSlice& slice : kLayout.slices()) {
      const bool matrix = slice.name == "tall.weight" || slice.name == "conv.weight" || slice.name == "wide.weight";
      if (o_.name == "muon" && matrix) {
        muon(slice, g, rate);
        continue;
      }
      for (auto k = static_cast<std::size_t>(slice.offset); k < static_cast<std::size_t>(slice.offset + slice.count()); ++k) place(k, g[k], rate);
    }
  }

 private:
  void place(std::size_t k, double g, double rate) {
    if (o_.name == "sgd") {
      b_[k] = t_ == 1 ? g : o_.momentum * b_[k] + g;
      theta[k] -= rate * (o_.nesterov ? g + o_.momentum * b_[k] : b_[k]);
    } else if (o_.name == "lion") {
      const double c = o_.beta1 * b_[k] + (1 - o_.beta1) * g;
      theta[k] -= rate * (c > 0 ? 1 : c < 0 ? -1 : 0);
      b_[k] = o_.beta2 * b_[k] + (1 - o_.beta2) * g;
    } else {
      b_[k] = o_.beta1 * b_[k] + (1 - o_.beta1) * g;
      v_[k] = o_.beta2 * v_[k] + (1 - o_.beta2) * g * g;
      theta[k] -= rate * b_[k] / (1 - std::pow(o_.beta1, t_)) / (std::sqrt(v_[k] / (1 - std::pow(o_.beta2, t_))) + 1e-8);
    }
  }

  /// Liu et al.'s code: b = mu b + g, then g + mu b.
  void muon(const ParameterSlice& slice, const Numbers& g, double rate) {
    const auto rows = static_cast<std::size_t>(slice.shape[0]), columns = static_cast<std::size_t>(slice.count()) / rows;
    const auto offset = static_cast<std::size_t>(slice.offset);
    const bool tall = rows > columns;
    std::vector<Numbers> x(std::min(rows, columns), Numbers(std::max(rows, columns)));
    double square = 0;
    for (std::size_t i = 0; i < rows * columns; ++i) {
      const std::size_t k = offset + i;
      b_[k] = o_.momentum * b_[k] + g[k];
      const double m = g[k] + o_.momentum * b_[k];
      square += m * m;
      (tall ? x[i % columns][i / columns] : x[i / columns][i % columns]) = m;
    }
    for (Numbers& row : x)
      for (double& value : row) value /= std::sqrt(square);
    for (int i = 0; i < 5; ++i) x = iterated(x);
    const double scale = rate * 0.2 * std::sqrt(static_cast<double>(std::max(rows, columns)));
    for (std::size_t i = 0; i < rows * columns; ++i)
      theta[offset + i] -= scale * (tall ? x[i % columns][i / columns] : x[i / columns][i % columns]);
  }

  /// (3.4445 I - 4.7750 A + 2.0315 A A) X, A = X X^T
  static std::vector<Numbers> iterated(const std::vector<Numbers>& x) {
    const std::size_t n = x.size();
    std::vector<Numbers> a(n, Numbers(n)), result(n, Numbers(x[0].size(), 0));
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) a[i][j] = twin::dot(x[i], x[j]);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        const double p = (i == j ? 3.4445 : 0) - 4.7750 * a[i][j] + 2.0315 * twin::dot(a[i], a[j]);
        for (std::size_t k = 0; k < x[0].size(); ++k) result[i][k] += p * x[j][k];
      }
    return result;
  }

  BaseOptions o_;

 public:
  Numbers theta;

 private:
  Numbers b_, v_;
  int t_ = 0;
};

/// Numbers of order one, at most some hundred roundings a step (muon's products; its five iterations multiply an error by up to 3.4 each).
TEST(BaseStep, everyStepIsItsTwin) {
  for (const BaseOptions& options : variants()) {
    at::Tensor theta = start();
    const auto step = makeBaseStep(options, kLayout, theta);
    Twin twin(options, twin::numbers(theta));
    for (int t = 0; t < 6; ++t) {
      step->apply(theta, gradientAt(t), kRate / (t + 1));
      twin.step(twin::numbers(gradientAt(t)), kRate / (t + 1));
      ASSERT_LT((theta - twin::tensor(twin.theta)).abs().max().item<double>(), 1e-12) << options.name << ", step " << t;
    }
  }
}

TEST(BaseStep, adamwHasTheVeryBitsOfTorchs) {
  at::Tensor theta = start(at::kFloat);
  const auto step = makeBaseStep({.name = "adamw", .decoupledDecay = kDecay}, kLayout, theta);
  at::Tensor other = theta.clone().requires_grad_();
  torch::optim::AdamW torchs({other}, torch::optim::AdamWOptions(kRate).weight_decay(kDecay));
  for (int t = 0; t < 5; ++t) {
    step->apply(theta, gradientAt(t, at::kFloat), kRate);
    other.mutable_grad() = gradientAt(t, at::kFloat);
    torchs.step();
    ASSERT_TRUE(at::equal(theta, other.detach())) << t;
  }
}

TEST(BaseStep, goesOnFromAStateWithTheVeryBits) {
  for (const at::ScalarType dtype : {at::kDouble, at::kFloat})
    for (const BaseOptions& options : variants()) {
      at::Tensor theta = start(dtype);
      const auto step = makeBaseStep(options, kLayout, theta);
      makeBaseStep(options, kLayout, theta)->restore(step->state());  // before the first step
      for (int t = 0; t < 3; ++t) step->apply(theta, gradientAt(t, dtype), kRate);
      at::Tensor other = theta.clone();
      const auto second = makeBaseStep(options, kLayout, other);
      const OptimizerState state = step->state();
      second->restore(state);
      for (int t = 3; t < 6; ++t) step->apply(theta, gradientAt(t, dtype), kRate);
      second->apply(other, gradientAt(7, dtype), kRate);
      second->restore(state);  // what happened since does not matter, and the state was not written to
      other.copy_(at::zeros_like(other));
      at::Tensor third = start(dtype);
      const auto fresh = makeBaseStep(options, kLayout, third);
      for (int t = 0; t < 3; ++t) fresh->apply(third, gradientAt(t, dtype), kRate);
      other.copy_(third);
      for (int t = 3; t < 6; ++t) second->apply(other, gradientAt(t, dtype), kRate);
      ASSERT_TRUE(at::equal(theta, other)) << options.name;
    }
}

TEST(BaseStep, statesAreVectorsOfTheSizeOfTheta) {
  for (const BaseOptions& options : variants()) {
    at::Tensor theta = start();
    const auto step = makeBaseStep(options, kLayout, theta);
    step->apply(theta, gradientAt(0), kRate);
    const OptimizerState state = step->state();
    EXPECT_EQ(state.vectors.empty(), options.name == "sgd" && options.momentum == 0);
    for (const auto& [name, vector] : state.vectors) EXPECT_EQ(vector.sizes(), at::IntArrayRef({kSize})) << options.name << ": " << name;
  }
}

TEST(BaseStep, theGradientIsNotWrittenToAndThetaMayRequireOne) {
  for (const BaseOptions& options : variants()) {
    at::Tensor theta = start().requires_grad_(), plain = start();
    const auto step = makeBaseStep(options, kLayout, theta), other = makeBaseStep(options, kLayout, plain);
    for (int t = 0; t < 3; ++t) {
      const at::Tensor gradient = gradientAt(t);
      step->apply(theta, gradient, kRate);
      other->apply(plain, gradient, kRate);
      EXPECT_TRUE(at::equal(gradient, gradientAt(t))) << options.name;
    }
    EXPECT_TRUE(at::equal(theta.detach(), plain)) << options.name;
    EXPECT_FALSE(theta.grad().defined()) << options.name;
  }
}

TEST(BaseStep, noStepLooksAtANumber) {
  for (const BaseOptions& options : variants()) {
    const at::Tensor theta = start();
    const auto step = makeBaseStep(options, kLayout, theta);
    for (int t = 0; t < 2; ++t) EXPECT_EQ(numbersRead([&] { step->apply(theta, gradientAt(t), kRate); }), 0) << options.name;
  }
}

TEST(BaseStep, zeroGradientsMoveNothing) {
  for (BaseOptions options : variants()) {
    options.decoupledDecay = 0;
    at::Tensor theta = start();
    makeBaseStep(options, kLayout, theta)->apply(theta, at::zeros_like(theta), kRate);
    EXPECT_TRUE(at::equal(theta, start())) << options.name;
  }
}

/// The update of a matrix is near a multiple of an orthogonal one, so that one rate serves all sizes.
TEST(BaseStep, muonsUpdateHasSingularValuesNearOne) {
  at::Tensor theta = start();
  makeBaseStep({.name = "muon"}, kLayout, theta)->apply(theta, gradientAt(0), kRate);
  for (const ParameterSlice& slice : kLayout.slices()) {
    if (slice.name != "tall.weight" && slice.name != "wide.weight") continue;
    const double scale = kRate * 0.2 * std::sqrt(static_cast<double>(std::max(slice.shape[0], slice.shape[1])));
    const at::Tensor values = at::linalg_svdvals((start() - theta).narrow(0, slice.offset, slice.count()).view(slice.shape)) / scale;
    EXPECT_GT(values.min().item<double>(), 0.5) << slice.name;
    EXPECT_LT(values.max().item<double>(), 1.5) << slice.name;
  }
}

TEST(BaseStep, muonTakesModelsOfVectorsOrOfOneMatrix) {
  for (const bool matrix : {false, true}) {
    ParameterLayout small;
    small.append("a.weight", matrix ? std::vector<std::int64_t>{2, 3} : std::vector<std::int64_t>{6}, ParameterKind::weight);
    at::Tensor theta = at::ones({6}, at::kDouble), other = at::ones({6}, at::kDouble);
    makeBaseStep({.name = "muon"}, small, theta)->apply(theta, at::ones({6}, at::kDouble), kRate);
    makeBaseStep({.name = "adam"}, small, other)->apply(other, at::ones({6}, at::kDouble), kRate);
    EXPECT_TRUE(at::equal(theta, other));
  }
}

TEST(BaseStep, anUnknownNameIsNamed) { EXPECT_THROW(makeBaseStep({.name = "sgdm"}, kLayout, start()), std::invalid_argument); }

}  // namespace
}  // namespace trainer
