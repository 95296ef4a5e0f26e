// SPDX-License-Identifier: GPL-3.0-or-later
// Hessian products: against the closed form, the dense matrix, central differences and themselves.
#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <stop_token>

#include "analysis/operators/dense.h"
#include "analysis/operators/hessian.h"
#include "analysis/spectrum/krylov_space.h"
#include "tests/analysis/small_problem.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"

namespace analysis {
namespace {

using testing::digitsModel;
using testing::digitsParts;
using testing::gaussian;
using testing::largest;
using testing::lenetParts;
using testing::relativeDifference;

constexpr std::int64_t kPlenty = std::int64_t{1} << 30;

ModelObjective::Parts mlpParts(at::ScalarType dtype = at::kDouble) { return digitsParts(digitsModel("mlp:64-4-10"), dtype, 120); }

at::Tensor product(const ModelObjective& objective, const at::Tensor& v, std::int64_t memory = kPlenty) {
  return HessianOperator(objective, {objective.theta0(), objective.parts().buffers}, memory, {}).apply(v);
}

/// [g(theta + h v) - g(theta - h v)] / 2h.
at::Tensor difference(ModelObjective& objective, const at::Tensor& v, double h) {
  const at::Tensor& theta = objective.theta0();
  return (objective.gradient(theta + h * v) - objective.gradient(theta - h * v)) / (2 * h);
}

// With z = W x + b the Hessian is mean over the samples of (diag(p) - p p') (x) (x,1)(x,1)'.
TEST(HessianOperator, OfALinearClassifierIsItsClosedForm) {
  const ModelObjective::Parts parts = digitsParts(digitsModel("mlp:64-10"), at::kDouble, 50);
  const ModelObjective objective(parts);
  const at::Tensor x = trainer::normalise(parts.data.inputs, parts.normalisation, at::kDouble).flatten(1);
  const at::Tensor p = at::softmax(parts.model->forward(parts.theta, x), 1);
  const at::Tensor v = gaussian(650, 1);
  const at::Tensor dz = at::mm(x, v.slice(0, 0, 640).view({10, 64}).t()) + v.slice(0, 640);
  const at::Tensor d = (p * dz - p * (p * dz).sum(1, true)) / 50;
  EXPECT_LT(relativeDifference(product(objective, v), at::cat({at::mm(d.t(), x).flatten(), d.sum(0)})), 1e-13);
}

// h^2 = 1e-10 times a relative third derivative of a few, and eps/h = 2e-11: 1e-8 leaves room.
TEST(HessianOperator, IsTheDifferenceOfGradientsOfASmoothNetwork) {
  for (const char* activation : {"tanh", "softplus"}) {
    ModelObjective objective(digitsParts(digitsModel("mlp:64-12-8-10", activation), at::kDouble, 120));
    at::Tensor v = gaussian(objective.theta0().numel(), 2);
    v = v / v.norm();
    EXPECT_LT(relativeDifference(difference(objective, v, 1e-5), product(objective, v)), 1e-8) << activation;
  }
}

// The max pool has kinks where two of four values are equal: a step of 1e-7 crosses none of them here. What is left is eps/h = 2e-9.
TEST(HessianOperator, IsTheDifferenceOfGradientsOfTheCnn) {
  ModelObjective objective(digitsParts(digitsModel("cnn", "tanh"), at::kDouble, 16));
  at::Tensor v = gaussian(objective.theta0().numel(), 2);
  v = v / v.norm();
  EXPECT_LT(relativeDifference(difference(objective, v, 1e-7), product(objective, v)), 1e-6);
}

// The matrix column by column from gradients alone: a second computation of every number.
TEST(HessianOperator, MatrixIsThatOfTheGradients) {
  for (const char* name : {"mlp:64-4-10", "tiny convolution"}) {
    ModelObjective objective(digitsParts(digitsModel(name), at::kDouble, 40));
    const std::int64_t size = objective.theta0().numel();
    HessianOperator hessian(objective, {objective.theta0(), objective.parts().buffers}, kPlenty, {});
    const at::Tensor matrix = denseMatrix(hessian);
    at::Tensor reference = at::empty_like(matrix);
    for (std::int64_t i = 0; i < size; ++i) {
      at::Tensor e = at::zeros({size}, at::kDouble);
      e[i] = 1;
      reference.select(1, i).copy_(difference(objective, e, 1e-6));
    }
    EXPECT_LT(largest(matrix - reference), 1e-8 * largest(matrix)) << name;
    EXPECT_LT(largest(matrix - matrix.t()), 1e-14 * largest(matrix)) << name;
    const at::Tensor v = gaussian(size, 4);
    EXPECT_LT(relativeDifference(hessian.apply(v), at::mv(matrix, v)), 1e-12) << name;
  }
}

// Same parameters in both precisions (rounded to float first): float keeps 1e-7 of each of many terms.
TEST(HessianOperator, FloatAgreesWithDoubleOnCnnAndLenet) {
  ModelObjective::Parts cnn = digitsParts(digitsModel("cnn", "relu"), at::kFloat, 64), lenet = lenetParts(at::kFloat, 32);
  for (ModelObjective::Parts* parts : {&cnn, &lenet}) {
    const at::Tensor v = gaussian(parts->theta.numel(), 6, at::kFloat);
    const at::Tensor narrow = product(ModelObjective(*parts), v);
    EXPECT_EQ(narrow.scalar_type(), at::kFloat);
    parts->theta = parts->theta.to(at::kDouble);
    EXPECT_LT(relativeDifference(narrow, product(ModelObjective(*parts), v.to(at::kDouble))), 1e-4) << parts->model->name();
  }
}

TEST(HessianOperator, IsSymmetric) {
  struct Case {
    ModelObjective::Parts parts;
    double tolerance;
  };
  // Relative to ||u|| ||H v||: rounding of P products and of the network itself.
  for (const Case& c :
       {Case{mlpParts(), 1e-14}, Case{digitsParts(digitsModel("cnn", "relu"), at::kFloat, 64), 1e-6}, Case{lenetParts(at::kFloat, 32), 1e-6}}) {
    const ModelObjective objective(c.parts);
    HessianOperator hessian(objective, {objective.theta0(), objective.parts().buffers}, kPlenty, {});
    const at::ScalarType dtype = c.parts.theta.scalar_type();
    const at::Tensor u = gaussian(hessian.size(), 1, dtype), v = gaussian(hessian.size(), 2, dtype);
    const at::Tensor hu = hessian.apply(u), hv = hessian.apply(v);
    const double scale = (u.norm() * hv.norm()).item<double>();
    EXPECT_NEAR(dotInDouble(u, hv), dotInDouble(v, hu), c.tolerance * scale) << c.parts.model->name();
  }
}

TEST(HessianOperator, IsLinear) {
  const ModelObjective objective(mlpParts());
  HessianOperator hessian(objective, {objective.theta0(), objective.parts().buffers}, kPlenty, {});
  const at::Tensor u = gaussian(hessian.size(), 1), v = gaussian(hessian.size(), 2);
  EXPECT_LT(relativeDifference(hessian.apply(3 * u - 0.5 * v), 3 * hessian.apply(u) - 0.5 * hessian.apply(v)), 1e-13);
  EXPECT_EQ(largest(hessian.apply(at::zeros_like(u))), 0);
}

TEST(HessianOperator, GivesTheSameBitsAgain) {
  const ModelObjective objective(mlpParts());
  HessianOperator hessian(objective, {objective.theta0(), objective.parts().buffers}, kPlenty, {});
  const at::Tensor v = gaussian(hessian.size(), 1);
  EXPECT_TRUE(at::equal(hessian.apply(v), hessian.apply(v)));
}

TEST(HessianOperator, KeptAndRebuiltGraphsGiveTheSameBits) {
  ModelObjective::Parts parts = mlpParts();
  parts.chunk = 20;
  const ModelObjective objective(parts);
  const at::Tensor v = gaussian(objective.theta0().numel(), 1);
  HessianOperator kept(objective, {objective.theta0(), objective.parts().buffers}, kPlenty, {}), rebuilt(objective, {objective.theta0(), objective.parts().buffers}, 1, {});
  EXPECT_EQ(kept.keptChunks(), 6);
  EXPECT_EQ(rebuilt.keptChunks(), 0);
  const at::Tensor expected = kept.apply(v);
  EXPECT_TRUE(at::equal(rebuilt.apply(v), expected));
  EXPECT_TRUE(at::equal(rebuilt.apply(v), expected));
  std::int64_t some = 0;
  for (std::int64_t budget = 1 << 10; budget < kPlenty && (some == 0 || some == 6); budget += budget / 4) {
    HessianOperator mixed(objective, {objective.theta0(), objective.parts().buffers}, budget, {});
    some = mixed.keptChunks();
    EXPECT_TRUE(at::equal(mixed.apply(v), expected)) << some;
  }
  EXPECT_GT(some, 0);
  EXPECT_LT(some, 6);
}

/// The small network, counting its forward passes.
class Counting : public testing::TinyConvolution {
 public:
  mutable std::int64_t passes = 0;

 protected:
  at::Tensor apply(const trainer::Forward& f, const at::Tensor& x) const override {
    ++passes;
    return TinyConvolution::apply(f, x);
  }
};

TEST(HessianOperator, OnlyRebuiltChunksRunTheNetworkAgain) {
  const auto model = std::make_shared<Counting>();
  ModelObjective::Parts parts = digitsParts(model, at::kDouble, 100);
  parts.chunk = 20;
  const ModelObjective objective(parts);
  const at::Tensor v = gaussian(objective.theta0().numel(), 1);
  HessianOperator kept(objective, {objective.theta0(), objective.parts().buffers}, kPlenty, {}), rebuilt(objective, {objective.theta0(), objective.parts().buffers}, 1, {});
  model->passes = 0;
  kept.apply(v);
  EXPECT_EQ(model->passes, 0);
  rebuilt.apply(v);
  EXPECT_EQ(model->passes, 5);
}

// Six, or 120, sums in another order.
TEST(HessianOperator, ChunksChangeNothing) {
  ModelObjective::Parts parts = mlpParts();
  const at::Tensor v = gaussian(parts.theta.numel(), 1), expected = product(ModelObjective(parts), v);
  for (const std::int64_t chunk : {1, 7, 119}) {
    parts.chunk = chunk;
    EXPECT_LT(relativeDifference(product(ModelObjective(parts), v), expected), 1e-13) << chunk;
    EXPECT_LT(relativeDifference(product(ModelObjective(parts), v, 1), expected), 1e-13) << chunk;
  }
}

TEST(HessianOperator, WeightDecayAddsItsMultipleOfTheVector) {
  ModelObjective::Parts parts = mlpParts();
  const at::Tensor v = gaussian(parts.theta.numel(), 1), plain = product(ModelObjective(parts), v);
  parts.weightDecay = 0.25;
  EXPECT_LT(relativeDifference(product(ModelObjective(parts), v) - plain, 0.25 * v), 1e-14);
}

TEST(HessianOperator, BelongsToTheParametersItWasMadeAt) {
  ModelObjective objective(mlpParts());
  at::Tensor elsewhere = objective.theta0() + 0.1;
  const at::Tensor v = gaussian(elsewhere.numel(), 1);
  const auto hessian = objective.hessian(elsewhere, 1, {});
  const at::Tensor before = hessian->apply(v);
  EXPECT_GT(relativeDifference(before, product(objective, v)), 1e-3);
  elsewhere.zero_();
  EXPECT_TRUE(at::equal(hessian->apply(v), before));
}

TEST(HessianOperator, NamesAProductThatIsNotFinite) {
  const ModelObjective objective(mlpParts());
  HessianOperator hessian(objective, {at::full_like(objective.theta0(), std::numeric_limits<double>::quiet_NaN()), objective.parts().buffers}, kPlenty, {});
  EXPECT_NE(messageOf<trainer::NumericalError>([&] { hessian.apply(gaussian(hessian.size(), 1)); }).find("120 samples"), std::string::npos);
}

TEST(HessianOperator, StopsAndLeavesTheStateAsItWas) {
  ModelObjective::Parts parts = mlpParts();
  parts.chunk = 20;
  const ModelObjective objective(parts);
  const std::string before = objective.stateHash();
  std::stop_source stop;
  HessianOperator hessian(objective, {objective.theta0(), objective.parts().buffers}, kPlenty, testing::contextOf(stop));
  const at::Tensor v = gaussian(hessian.size(), 1);
  hessian.apply(v);
  stop.request_stop();
  EXPECT_THROW(hessian.apply(v), trainer::Cancelled);
  EXPECT_THROW(HessianOperator(objective, {objective.theta0(), objective.parts().buffers}, kPlenty, testing::contextOf(stop)), trainer::Cancelled);
  EXPECT_EQ(objective.stateHash(), before);
}

// The dense path itself, on a matrix whose eigenvalues are known: [[2,1],[1,2]] beside -5.
TEST(DenseOperator, EigenvaluesOfAKnownMatrix) {
  const at::Tensor matrix = at::tensor({2.0, 1.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0, -5.0}, at::kDouble).view({3, 3});
  DenseOperator dense(matrix);
  EXPECT_TRUE(at::equal(denseMatrix(dense), matrix));
  EXPECT_LT(largest(denseEigenvalues(matrix) - at::tensor({-5.0, 1.0, 3.0}, at::kDouble)), 1e-14);
}

}  // namespace
}  // namespace analysis
