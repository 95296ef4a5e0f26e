// SPDX-License-Identifier: GPL-3.0-or-later
// Eigenpairs of networks: against Eigen on the dense Hessian, and against the loss itself.
#include <gtest/gtest.h>

#include <stdexcept>
#include <stop_token>

#include "analysis/operators/dense.h"
#include "analysis/operators/hessian.h"
#include "analysis/spectrum/eigenvector.h"
#include "analysis/spectrum/lanczos.h"
#include "tests/analysis/small_problem.h"
#include "trainer/base/error.h"

namespace analysis {
namespace {

using testing::digitsModel;
using testing::digitsParts;
using testing::largest;

constexpr std::int64_t kPlenty = std::int64_t{1} << 30;

/// A network's Hessian and Eigen's eigenvalues of its matrix.
struct DenseCase {
  std::string model;
  ModelObjective objective;
  HessianOperator hessian;
  at::Tensor values;  ///< ascending
  DenseCase(const std::string& name, at::ScalarType dtype)
      : model(name),
        objective(digitsParts(digitsModel(name), dtype, 100)),
        hessian(objective, {objective.theta0(), objective.parts().buffers}, kPlenty, {}),
        values(denseEigenvalues(denseMatrix(hessian))) {}
  double ascending(std::int64_t i) const { return values[i < 0 ? values.numel() + i : i].item<double>(); }
};

/// Two 3x3 convolutions of two channels, each with batch norm, the second around a shortcut; 2x2 max pool, linear; P = 392 on the digits.
class TinyResidual : public trainer::Model {
 public:
  TinyResidual() : Model("tiny residual") {
    first_ = trainer::appendConvolution({layout_, bufferLayout_}, "conv1", {.inputs = 1, .outputs = 2}, "bn1");
    second_ = trainer::appendConvolution({layout_, bufferLayout_}, "conv2", {.inputs = 2, .outputs = 2}, "bn2");
    fc_ = trainer::appendLinear(layout_, "fc", 32, 10);
  }

 protected:
  at::Tensor apply(const trainer::Forward& f, const at::Tensor& x) const override {
    const at::Tensor h = at::relu(first_(f, x));
    return fc_(f, at::max_pool2d(at::relu(second_(f, h) + h), {2, 2}).flatten(1));
  }

 private:
  trainer::Convolution first_, second_;
  trainer::Linear fc_;
};

/// The five kinds of network that every eigenvalue is compared on, `count` digits each; running statistics that are not the initial ones.
ModelObjective::Parts smallNetwork(const std::string& kind, std::int64_t count) {
  std::shared_ptr<const trainer::Model> model;
  if (kind == "residual with batch norm") model = std::make_shared<TinyResidual>();
  else if (kind == "cnn") model = digitsModel("tiny convolution");
  else if (kind == "vit") model = digitsModel("vit:1-4-2-4");
  else model = digitsModel("mlp:64-4-10", kind.substr(4));
  ModelObjective::Parts parts = digitsParts(model, at::kDouble, count);
  if (const at::Tensor initial = model->initialBuffers(at::kDouble); initial.numel() > 0) parts.buffers = initial + 0.1 * testing::gaussian(initial.numel(), 9).abs();
  return parts;
}

// By a residual of 1e-8 max|lambda|, which bounds the distance to an eigenvalue; that it is the right one is what is seen here. Also in a basis that does not
// hold the whole search.
TEST(LanczosOfANetwork, EveryEigenvalueOfFiveKindsIsEigens) {
  for (const char* kind : {"mlp relu", "mlp tanh", "cnn", "residual with batch norm", "vit"}) {
    ModelObjective objective(smallNetwork(kind, 30));
    const auto hessian = objective.hessian(objective.theta0(), kPlenty, {});
    const at::Tensor values = denseEigenvalues(denseMatrix(*hessian));
    const double bound = 1e-8 * largest(values);
    std::int64_t restarts = 0;
    const auto check = [&](std::int64_t top, std::int64_t bottom, std::int64_t limit) {
      const Eigenpairs p = extremeEigenpairs(*hessian, {.top = top, .bottom = bottom, .tolerance = 1e-8, .maxProducts = 4000, .basisLimit = limit}, {});
      restarts += p.restarts;
      ASSERT_EQ(p.top.size(), static_cast<std::size_t>(top)) << kind;
      for (std::int64_t i = 0; i < top; ++i) EXPECT_NEAR(p.top[static_cast<std::size_t>(i)].value, values[-1 - i].item<double>(), bound) << kind << " top " << i << " in " << limit;
      for (std::int64_t i = 0; i < bottom; ++i) EXPECT_NEAR(p.bottom[static_cast<std::size_t>(i)].value, values[i].item<double>(), bound) << kind << " bottom " << i << " in " << limit;
    };
    check(6, 4, 0);
    EXPECT_EQ(restarts, 0);
    check(3, 1, 24);
    EXPECT_GT(restarts, 0) << kind;
  }
}

// A residual of R max|lambda| bounds the error by the same; in float the pair's own error is about residual^2 / gap.
TEST(LanczosOfANetwork, IsEigensOfTheDenseHessian) {
  struct Case {
    at::ScalarType dtype;
    double tolerance;
  };
  for (const char* name : {"mlp:64-4-10", "tiny convolution"}) {
    for (const Case c : {Case{at::kDouble, 1e-8}, Case{at::kFloat, 1e-4}}) {
      DenseCase network(name, c.dtype);
      const double scale = largest(network.values);
      const Eigenpairs p = extremeEigenpairs(
          network.hessian, {.top = 5, .bottom = 3, .tolerance = defaultResidual(c.dtype), .maxProducts = defaultMaxProducts(350)}, {});
      ASSERT_EQ(p.top.size(), 5U);
      ASSERT_EQ(p.bottom.size(), 3U);
      for (std::int64_t i = 0; i < 5; ++i) {
        const Eigenvalue& e = p.top[static_cast<std::size_t>(i)];
        EXPECT_TRUE(e.converged);
        EXPECT_NEAR(e.value, network.ascending(-1 - i), c.tolerance * scale) << name << " top " << i;
      }
      for (std::int64_t i = 0; i < 3; ++i) {
        const Eigenvalue& e = p.bottom[static_cast<std::size_t>(i)];
        EXPECT_TRUE(e.converged);
        EXPECT_NEAR(e.value, network.ascending(i), c.tolerance * scale) << name << " bottom " << i;
      }
    }
  }
}

TEST(LanczosOfANetwork, ResidualsAreThoseOfFreshProducts) {
  DenseCase network("mlp:64-4-10", at::kDouble);
  const Eigenpairs p = extremeEigenpairs(network.hessian, {.top = 3, .bottom = 1, .tolerance = 1e-5}, {});
  for (std::size_t i = 0; i < p.top.size(); ++i) {
    const at::Tensor& q = p.topVectors[i];
    const double residual = (network.hessian.apply(q) - p.top[i].value * q).norm().item<double>();
    EXPECT_NEAR(p.top[i].residual, residual, 1e-13);
    EXPECT_LE(residual, 1e-5 * largest(network.values));
  }
}

// The stencil's error is h^2/12 times a fourth derivative (of order lambda_1) and 4 eps L/h^2 = 1e-9.
TEST(LanczosOfANetwork, SecondDifferenceAlongTheFirstVectorIsItsEigenvalue) {
  constexpr double h = 1e-3;
  ModelObjective objective(digitsParts(digitsModel("mlp:64-12-10"), at::kDouble, 256));
  const HessianDirection first = hessianEigenvector(objective, 1, 0, 0, {});
  const at::Tensor& theta = objective.theta0();
  const auto loss = [&](double step) { return objective.evaluate(theta + step * first.vector).loss; };
  EXPECT_GT(first.eigenvalue, 0);
  EXPECT_NEAR((loss(h) - 2 * loss(0) + loss(-h)) / (h * h) / first.eigenvalue, 1, 1e-4);
}

TEST(LanczosOfANetwork, EigenvectorByIndexIsThatOfTheList) {
  DenseCase network("mlp:64-4-10", at::kDouble);
  for (const std::int64_t index : {1, 3}) {
    const HessianDirection d = hessianEigenvector(network.objective, index, 0, 0, {});
    EXPECT_NEAR(d.eigenvalue, network.ascending(-index), 1e-8 * largest(network.values));
    EXPECT_NEAR(d.vector.norm().item<double>(), 1, 1e-13);
    EXPECT_GT(d.vector[d.vector.abs().argmax()].item<double>(), 0);
  }
  for (const std::int64_t index : {std::int64_t{0}, std::int64_t{-1}, network.hessian.size() + 1})
    EXPECT_THROW(hessianEigenvector(network.objective, index, 0, 0, {}), std::invalid_argument) << index;
}

TEST(LanczosOfANetwork, LeavesTheStateAsItWasCancelledOrNot) {
  ModelObjective objective(digitsParts(digitsModel("mlp:64-4-10"), at::kDouble, 100));
  const std::string before = objective.stateHash();
  hessianEigenvector(objective, 1, 0, 0, {});
  EXPECT_EQ(objective.stateHash(), before);
  std::stop_source stop;
  const trainer::Context context = testing::contextOf(stop, [&](const trainer::Progress&) { stop.request_stop(); });
  EXPECT_THROW(hessianEigenvector(objective, 1, 0, 0, context), trainer::Cancelled);
  EXPECT_EQ(objective.stateHash(), before);
}

}  // namespace
}  // namespace analysis
