// SPDX-License-Identifier: GPL-3.0-or-later
// Gauss-Newton, Fisher, empirical Fisher and the operators made of operators: against matrices put together from single gradients.
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/grad_mode.h>

#include "analysis/operators/dense.h"
#include "analysis/operators/finite_difference.h"
#include "analysis/operators/make_operator.h"
#include "analysis/operators/output_curvature.h"
#include "tests/analysis/small_problem.h"

namespace analysis {
namespace {

using testing::digitsModel;
using testing::digitsParts;
using testing::gaussian;
using testing::largest;
using testing::relativeDifference;

constexpr std::int64_t kPlenty = std::int64_t{1} << 30;

/// dz_n,c / d theta, [N,C,P], one backward pass a number.
at::Tensor jacobian(const ModelObjective& objective) {
  const torch::autograd::AutoGradMode recording(true);
  const at::Tensor theta = objective.theta0().detach().clone().requires_grad_(true);
  std::vector<at::Tensor> rows;
  for (std::int64_t c = 0; c < objective.chunkCount(); ++c) {
    const at::Tensor z = objective.chunkOutputs(c, {theta, objective.parts().buffers});
    for (std::int64_t n = 0; n < z.size(0); ++n)
      for (std::int64_t k = 0; k < z.size(1); ++k) rows.push_back(torch::autograd::grad({z[n][k]}, {theta}, {}, true).front());
  }
  return at::stack(rows).view({objective.parts().data.labels.numel(), -1, theta.numel()}).detach();
}

/// M_n by its definition: derivatives of the item's loss, taken by autograd, label by label.
at::Tensor middle(const ModelObjective& objective, OutputCurvature kind, const at::Tensor& z, std::int64_t label) {
  const torch::autograd::AutoGradMode recording(true);
  const std::int64_t classes = z.numel();
  const auto lossAt = [&](const at::Tensor& leaf, std::int64_t y) { return trainer::meanLoss(leaf.unsqueeze(0), at::tensor({y}, at::kLong), objective.parts().loss); };
  const at::Tensor leaf = z.detach().clone().requires_grad_(true);
  const auto residual = [&](std::int64_t y) { return torch::autograd::grad({lossAt(leaf, y)}, {leaf}).front(); };
  if (kind == OutputCurvature::gaussNewton) {
    const at::Tensor g = torch::autograd::grad({lossAt(leaf, label)}, {leaf}, {}, true, true).front();
    std::vector<at::Tensor> rows;
    for (std::int64_t k = 0; k < classes; ++k) rows.push_back(torch::autograd::grad({g[k]}, {leaf}, {}, true).front());
    return at::stack(rows).detach();
  }
  if (kind == OutputCurvature::empiricalFisher) return at::outer(residual(label), residual(label));
  const at::Tensor p = at::softmax(z.detach(), -1);
  at::Tensor sum = at::zeros({classes, classes}, z.options().requires_grad(false));
  for (std::int64_t y = 0; y < classes; ++y) sum += p[y] * at::outer(residual(y), residual(y));
  return sum;
}

at::Tensor plain(const ModelObjective& objective, OutputCurvature kind) {
  const at::Tensor j = jacobian(objective);
  at::Tensor z;
  {
    ModelObjective copy(objective.parts());
    z = copy.outputs(copy.theta0());
  }
  at::Tensor sum = at::zeros({j.size(2), j.size(2)}, j.options());
  for (std::int64_t n = 0; n < j.size(0); ++n)
    sum += at::mm(j[n].t(), at::mm(middle(objective, kind, z[n], objective.parts().data.labels.flatten()[n].item<std::int64_t>()), j[n]));
  sum /= static_cast<double>(j.size(0));
  if (kind == OutputCurvature::gaussNewton) sum += objective.weightDecay() * at::eye(j.size(2), j.options());
  return sum;
}

at::Tensor fast(ModelObjective& objective, OutputCurvature kind, std::int64_t memory = kPlenty) {
  return denseMatrix(*objective.outputCurvature(kind, objective.theta0(), memory, {}));
}

struct Case {
  const char* model;
  const char* activation;
  const char* loss;
  double smoothing;
};

// Sums of a few thousand products in double: 1e-13 of the largest entry leaves room.
TEST(OutputCurvature, IsTheSumOverTheItemsOfItsDefinition) {
  for (const Case& c : {Case{"mlp:64-4-10", "relu", "cross-entropy", 0}, Case{"mlp:64-4-10", "tanh", "cross-entropy", 0.2}, Case{"mlp:64-4-10", "tanh", "mse", 0},
                        Case{"tiny convolution", "tanh", "cross-entropy", 0}}) {
    ModelObjective::Parts parts = digitsParts(digitsModel(c.model, c.activation), at::kDouble, 23);
    parts.loss = {.kind = c.loss, .labelSmoothing = c.smoothing};
    parts.weightDecay = 0.01;
    parts.chunk = 10;
    ModelObjective objective(parts);
    for (const OutputCurvature kind : {OutputCurvature::gaussNewton, OutputCurvature::fisher, OutputCurvature::empiricalFisher}) {
      if (kind == OutputCurvature::fisher && std::string(c.loss) == "mse") continue;  // as a Gaussian likelihood: below
      const at::Tensor reference = plain(objective, kind), matrix = fast(objective, kind);
      EXPECT_LT(largest(matrix - reference), 1e-13 * largest(reference)) << c.model << ' ' << c.loss << ' ' << static_cast<int>(kind);
      EXPECT_LT(largest(fast(objective, kind, 1) - matrix), 1e-15 * largest(matrix)) << "rebuilt";
    }
  }
}

TEST(OutputCurvature, FisherIsGaussNewtonWithoutSmoothing) {
  for (const char* loss : {"cross-entropy", "mse"}) {
    ModelObjective::Parts parts = digitsParts(digitsModel("mlp:64-4-10"), at::kDouble, 30);
    parts.loss.kind = loss;
    ModelObjective objective(parts);
    EXPECT_LT(largest(fast(objective, OutputCurvature::fisher) - fast(objective, OutputCurvature::gaussNewton)), 1e-15) << loss;
  }
}

// z linear in theta: nothing is left of the functional part.
TEST(OutputCurvature, GaussNewtonOfALinearModelIsItsHessian) {
  ModelObjective objective(digitsParts(digitsModel("mlp:64-10"), at::kDouble, 30));
  const at::Tensor hessian = denseMatrix(*objective.hessian(objective.theta0(), kPlenty, {}));
  EXPECT_LT(largest(fast(objective, OutputCurvature::gaussNewton) - hessian), 1e-14 * largest(hessian));
  EXPECT_LT(largest(denseMatrix(*makeOperator(objective, "functional", objective.theta0(), kPlenty, {}))), 1e-14 * largest(hessian));
}

TEST(OutputCurvature, FunctionalPartIsHessianMinusGaussNewtonAndGaussNewtonIsSemiDefinite) {
  ModelObjective objective(digitsParts(digitsModel("mlp:64-4-10", "tanh"), at::kDouble, 60));
  const at::Tensor h = denseMatrix(*objective.hessian(objective.theta0(), kPlenty, {})), g = fast(objective, OutputCurvature::gaussNewton);
  const at::Tensor f = denseMatrix(*makeOperator(objective, "functional", objective.theta0(), kPlenty, {}));
  EXPECT_LT(largest(f - (h - g)), 1e-15 * largest(h));
  EXPECT_GT(largest(f), 1e-3 * largest(h));
  const at::Tensor values = denseEigenvalues(g);
  EXPECT_GT(values[0].item<double>(), -1e-14 * values[-1].item<double>());
}

TEST(OutputCurvature, OfNetworksWithBatchNormAndAttentionIsJacobianByJacobian) {
  for (const char* name : {"resnet8", "vit:1-8-2-4"}) {
    ModelObjective objective(digitsParts(digitsModel(name, "relu"), at::kDouble, 6));
    const at::Tensor v = gaussian(objective.theta0().numel(), 3), j = jacobian(objective);
    const at::Tensor z = objective.outputs(objective.theta0()), p = at::softmax(z, -1);
    const at::Tensor jv = at::matmul(j, v);
    const at::Tensor w = p * jv - p * (p * jv).sum(-1, true);
    const at::Tensor reference = at::einsum("nc,ncp->p", {w, j}) / 6;
    EXPECT_LT(relativeDifference(objective.outputCurvature(OutputCurvature::gaussNewton, objective.theta0(), kPlenty, {})->apply(v), reference), 1e-12) << name;
  }
}

// h^2 times the third derivative at h = 6e-6 (1 + ||theta||), and eps/h.
TEST(FiniteDifference, AgreesWithTheHessianOfASmoothNetwork) {
  ModelObjective objective(digitsParts(digitsModel("mlp:64-12-10", "tanh"), at::kDouble, 100));
  FiniteDifferenceOperator difference(objective, objective.theta0());
  const at::Tensor v = gaussian(objective.theta0().numel(), 2);
  EXPECT_LT(relativeDifference(difference.apply(v), objective.hessian(objective.theta0(), kPlenty, {})->apply(v)), 1e-7);
  EXPECT_EQ(largest(difference.apply(at::zeros_like(v))), 0);
}

OwnedOperator symmetric(std::uint64_t seed, std::int64_t n) {
  const at::Tensor m = gaussian(n * n, seed).view({n, n});
  return std::make_unique<DenseOperator>((m + m.t()) / 2);
}

TEST(Transforms, AreWhatTheirMatricesAre) {
  const at::Tensor a = denseMatrix(*symmetric(1, 6)), b = denseMatrix(*symmetric(2, 6)), eye = at::eye(6, at::kDouble);
  EXPECT_LT(largest(denseMatrix(*shifted(symmetric(1, 6), -0.3)) - (a - 0.3 * eye)), 1e-15);
  EXPECT_LT(largest(denseMatrix(*scaled(symmetric(1, 6), 2.5)) - 2.5 * a), 1e-15);
  EXPECT_LT(largest(denseMatrix(*sumOf(symmetric(1, 6), -2, symmetric(2, 6))) - (a - 2 * b)), 1e-15);
  EXPECT_THROW(sumOf(symmetric(1, 6), 1, symmetric(2, 5)), std::invalid_argument);
}

TEST(Transforms, DeflationTakesEigenvaluesToZero) {
  const at::Tensor a = at::diag(at::tensor({5.0, 5.0, 4.0, -6.0}, at::kDouble));
  const at::Tensor rows = at::eye(4, at::kDouble).index_select(0, at::tensor({0, 3}, at::kLong));
  const at::Tensor left = denseMatrix(*deflated(std::make_unique<DenseOperator>(a), rows, {5, -6}));
  EXPECT_EQ(largest(left - at::diag(at::tensor({0.0, 5.0, 4.0, 0.0}, at::kDouble))), 0);
}

TEST(Transforms, PreconditionedHasTheEigenvaluesOfTheQuotient) {
  const at::Tensor a = denseMatrix(*symmetric(3, 5)), d = at::tensor({0.1, 1.0, 2.0, 7.0, 0.5}, at::kDouble);
  const at::Tensor values = denseEigenvalues(denseMatrix(*preconditioned(symmetric(3, 5), d)));
  const at::Tensor quotient = std::get<0>(at::linalg_eig(a / d.unsqueeze(1)));
  EXPECT_LT(largest(std::get<0>(at::real(quotient).sort()) - values), 1e-12);
  EXPECT_THROW(preconditioned(symmetric(3, 5), at::zeros({5}, at::kDouble)), std::invalid_argument);
}

TEST(Transforms, RestrictionIsABlockOfTheMatrix) {
  ModelObjective objective(digitsParts(digitsModel("tiny convolution"), at::kDouble, 40));
  const auto& layout = objective.layout();
  const auto hessian = objective.hessian(objective.theta0(), kPlenty, {});
  const at::Tensor h = denseMatrix(*hessian);
  EXPECT_EQ(layerNames(layout), (std::vector<std::string>{"conv", "fc"}));
  for (const char* word : {"conv", "fc", "weights", "biases", "conv.bias"}) {
    const auto ranges = rangesOf(layout, word);
    const at::Tensor picked = taken(at::arange(layout.size(), at::kLong), ranges);
    const at::Tensor block = denseMatrix(*restricted(*hessian, ranges));
    EXPECT_EQ(largest(block - h.index_select(0, picked).index_select(1, picked)), 0) << word;
  }
  EXPECT_EQ(rangesOf(layout, ""), (std::vector<IndexRange>{{0, layout.size()}}));
  EXPECT_THROW(rangesOf(layout, "layer9"), std::invalid_argument);
  EXPECT_THROW(restricted(*hessian, {{5, 3}}), std::invalid_argument);
}

}  // namespace
}  // namespace analysis
