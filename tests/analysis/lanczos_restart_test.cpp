// SPDX-License-Identifier: GPL-3.0-or-later
// Thick restarts, and the Krylov space itself.
#include <gtest/gtest.h>

#include "analysis/operators/dense.h"
#include "analysis/spectrum/krylov_space.h"
#include "analysis/spectrum/lanczos.h"
#include "tests/analysis/eigenpairs.h"
#include "trainer/base/error.h"

namespace analysis {
namespace {

using testing::atProduct;
using testing::Diagonal;
using testing::expectNear;
using testing::largest;
using testing::pairsOf;
using testing::range;
using testing::valuesOf;

/// The same with room for `limit` basis vectors.
Eigenpairs pairsWithin(LinearOperator& a, std::int64_t top, std::int64_t bottom, std::int64_t limit, double tolerance = 1e-10) {
  return extremeEigenpairs(a, {.top = top, .bottom = bottom, .tolerance = tolerance, .maxProducts = 20000, .basisLimit = limit}, {});
}

TEST(LanczosRestart, FindsTheSamePairsInASmallBasis) {
  Diagonal a(range(-50, 250));
  const Eigenpairs whole = pairsOf(a, 4, 3), p = pairsWithin(a, 4, 3, 30);
  EXPECT_EQ(whole.restarts, 0);
  EXPECT_GT(p.restarts, 2);
  expectNear(valuesOf(p.top), {250, 249, 248, 247}, 1e-7);
  expectNear(valuesOf(p.bottom), {-50, -49, -48}, 1e-7);
  for (const auto* end : {&p.top, &p.bottom})
    for (const Eigenvalue& e : *end) EXPECT_TRUE(e.converged);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_LT(largest(p.topVectors[i] - whole.topVectors[i]), 1e-6) << i;
}

TEST(LanczosRestart, OneEndAlone) {
  Diagonal a(range(-50, 250));
  expectNear(valuesOf(pairsWithin(a, 2, 0, 24).top), {250, 249}, 1e-7);
  expectNear(valuesOf(pairsWithin(a, 0, 2, 24).bottom), {-50, -49}, 1e-7);
}

TEST(LanczosRestart, CountsRepeatedEigenvaluesAndKeepsSigns) {
  std::vector<double> values = range(-100, 100);
  for (double& v : values) v *= 0.03;
  for (const double repeated : {5.0, 5.0, 4.0, -9.0, -9.0, -9.0}) values.push_back(repeated);
  Diagonal a(values);
  const Eigenpairs p = pairsWithin(a, 3, 4, 30);
  EXPECT_GT(p.restarts, 0);
  expectNear(valuesOf(p.top), {5, 5, 4}, 1e-7);
  expectNear(valuesOf(p.bottom), {-9, -9, -9, -3}, 1e-7);
}

TEST(LanczosRestart, OfTheIdentityAndOfZero) {
  for (const double value : {1.0, 0.0}) {
    Diagonal a(std::vector<double>(100, value));
    const Eigenpairs p = pairsWithin(a, 2, 2, 20);
    expectNear(valuesOf(p.top), {value, value}, 1e-13);
    expectNear(valuesOf(p.bottom), {value, value}, 1e-13);
  }
}

TEST(LanczosRestart, InFloat) {
  Diagonal a(range(-200, 1000), at::kFloat);
  const Eigenpairs p = pairsWithin(a, 2, 2, 28, 1e-3);
  EXPECT_GT(p.restarts, 0);
  // The values' error is about residual^2 / gap = 1 for values one apart.
  expectNear(valuesOf(p.top), {1000, 999}, 1.5);
  expectNear(valuesOf(p.bottom), {-200, -199}, 1.5);
  EXPECT_TRUE(p.top[0].converged);
}

// What is stopped right behind a restart still has its Ritz pairs and an estimate for each.
TEST(LanczosRestart, StopsAnywhere) {
  for (std::int64_t n = 18; n <= 40; ++n) {
    Diagonal a(range(-200, 1000));
    a.before = atProduct(n, [] { throw trainer::Cancelled(); });
    const Eigenpairs p = pairsWithin(a, 1, 1, 20);
    EXPECT_TRUE(p.stopped) << n;
    ASSERT_EQ(p.top.size(), 1U) << n;
    EXPECT_GT(p.top[0].residual, 0) << n;
    EXPECT_LE(p.top[0].value, 1000 + 1e-9) << n;
    EXPECT_GT(p.top[0].value, 900) << n;
  }
}

TEST(LanczosRestart, BasisVectorsFitTheBytesWithWhatARestartNeeds) {
  Diagonal a(range(1, 100));
  EXPECT_EQ(basisVectors(a, 150 * 100 * 8), 100);
  EXPECT_EQ(basisVectors(a, 1), 1);
}

// T of a restarted space is Q^T A Q: its Ritz pairs have the residuals that it estimates.
TEST(KrylovSpace, RestartedSpaceIsAProjection) {
  DenseOperator a(at::diag(at::tensor(range(-20, 179), at::kDouble)));
  KrylovSpace space(a, {}, 1);
  for (int round = 0; round < 3; ++round) {
    while (space.size() < 24) space.extend();
    space.diagonalise();
    for (const std::int64_t i : {0, 1, 12, 22, 23}) {
      const at::Tensor q = space.vector(i);
      EXPECT_NEAR((a.apply(q) - space.values()[i] * q).norm().item<double>(), space.estimate(i), 1e-11) << round << " " << i;
    }
    space.restart(5, 4);
    EXPECT_EQ(space.size(), 9);
  }
}

// A Krylov basis in float stays orthonormal to float's precision, long after the ends have converged.
TEST(KrylovSpace, BasisVectorsStayOrthonormal) {
  for (const at::ScalarType dtype : {at::kDouble, at::kFloat}) {
    Diagonal a(range(-20, 179), dtype);
    KrylovSpace space(a, {}, 1);
    for (int i = 0; i < 120; ++i) space.extend();
    space.diagonalise();
    std::vector<at::Tensor> rows;
    for (std::int64_t i = 0; i < space.size(); ++i) rows.push_back(space.vector(i).to(at::kDouble));
    const at::Tensor q = at::stack(rows);
    EXPECT_LT(largest(at::mm(q, q.t()) - at::eye(120, at::kDouble)), dtype == at::kDouble ? 1e-13 : 1e-5);
  }
}

// The whole space: T has the operator's spectrum, multiplicities included.
TEST(KrylovSpace, ExhaustedHoldsTheWholeSpectrum) {
  Diagonal a({4, 4, 4, 0, 0, -1, 7});
  KrylovSpace space(a, {}, 1);
  while (!space.exhausted()) space.extend();
  EXPECT_EQ(space.size(), 7);
  space.diagonalise();
  const std::vector<double> expected = {-1, 0, 0, 4, 4, 4, 7};
  for (Eigen::Index i = 0; i < 7; ++i) EXPECT_NEAR(space.values()[i], expected[static_cast<std::size_t>(i)], 1e-13);
}

TEST(KrylovSpace, KeepsOutWhatIsFixed) {
  Diagonal a(range(1, 40));
  const at::Tensor fixed = at::eye(40, at::kDouble).slice(0, 38, 40);
  KrylovSpace space(a, fixed, 1);
  while (!space.exhausted()) space.extend();
  EXPECT_EQ(space.size(), 38);
  space.diagonalise();
  EXPECT_NEAR(space.values()[37], 38, 1e-12);
  EXPECT_LT(largest(at::mv(fixed, space.vector(37))), 1e-14);
}

}  // namespace
}  // namespace analysis
