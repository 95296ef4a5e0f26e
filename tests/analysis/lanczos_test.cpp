// SPDX-License-Identifier: GPL-3.0-or-later
// Eigenpairs of operators whose spectrum is known.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <stop_token>

#include "analysis/operators/dense.h"
#include "analysis/spectrum/krylov_space.h"
#include "analysis/spectrum/lanczos.h"
#include "tests/analysis/small_problem.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"

namespace analysis {
namespace {

using testing::Diagonal;
using testing::largest;

std::vector<double> valuesOf(const std::vector<Eigenvalue>& pairs) {
  std::vector<double> values;
  for (const Eigenvalue& e : pairs) values.push_back(e.value);
  return values;
}

void expectNear(const std::vector<double>& found, const std::vector<double>& expected, double tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], tolerance) << i;
}

Eigenpairs pairsOf(LinearOperator& a, std::int64_t top, std::int64_t bottom, double tolerance = 1e-10) {
  return extremeEigenpairs(a, {.top = top, .bottom = bottom, .tolerance = tolerance, .maxProducts = 2000}, {});
}

std::vector<double> range(int from, int to) {
  std::vector<double> values;
  for (int i = from; i <= to; ++i) values.push_back(i);
  return values;
}

/// A call at one product, the n-th.
std::function<void()> atProduct(std::int64_t n, std::function<void()> action) {
  return [n, left = n, action = std::move(action)]() mutable {
    if (--left == 0) action();
  };
}

TEST(Lanczos, FindsBothEndsOfADiagonal) {
  Diagonal a(range(-20, 100));
  const Eigenpairs p = pairsOf(a, 4, 3);
  expectNear(valuesOf(p.top), {100, 99, 98, 97}, 1e-8);
  expectNear(valuesOf(p.bottom), {-20, -19, -18}, 1e-8);
  for (const auto* end : {&p.top, &p.bottom})
    for (const Eigenvalue& e : *end) EXPECT_TRUE(e.converged);
  EXPECT_FALSE(p.stopped);
}

TEST(Lanczos, VectorsAreTheAxesWithAPositiveLargestComponent) {
  Diagonal a(range(-20, 100));
  const Eigenpairs p = pairsOf(a, 2, 2);
  // The angle is at most residual/gap = 100 * 1e-10 / 1.
  for (const std::int64_t i : {0, 1}) {
    EXPECT_NEAR(p.topVectors[static_cast<std::size_t>(i)][120 - i].item<double>(), 1, 1e-8);
    EXPECT_NEAR(p.bottomVectors[static_cast<std::size_t>(i)][i].item<double>(), 1, 1e-8);
  }
}

TEST(Lanczos, OneEndAlone) {
  Diagonal a(range(-20, 100));
  const Eigenpairs top = pairsOf(a, 2, 0), bottom = pairsOf(a, 0, 2);
  expectNear(valuesOf(top.top), {100, 99}, 1e-8);
  EXPECT_TRUE(top.bottom.empty());
  expectNear(valuesOf(bottom.bottom), {-20, -19}, 1e-8);
  EXPECT_TRUE(bottom.top.empty());
}

// What power iteration gets wrong: the largest magnitude is negative.
TEST(Lanczos, TopIsAlgebraicallyLargestWhenTheBottomIsLarger) {
  Diagonal a({-9, -8, 1, 2, 3, 0.5, -0.5});
  const Eigenpairs p = pairsOf(a, 2, 2);
  expectNear(valuesOf(p.top), {3, 2}, 1e-12);
  expectNear(valuesOf(p.bottom), {-9, -8}, 1e-12);
}

TEST(Lanczos, AllNegativeAndAllPositive) {
  Diagonal negative(range(-30, -1)), positive(range(1, 30));
  const Eigenpairs p = pairsOf(negative, 2, 1);
  expectNear(valuesOf(p.top), {-1, -2}, 1e-8);
  for (const Eigenvalue& e : p.top) EXPECT_TRUE(e.converged);
  expectNear(valuesOf(pairsOf(positive, 1, 2).bottom), {1, 2}, 1e-8);
}

TEST(Lanczos, CountsRepeatedEigenvaluesAtBothEnds) {
  std::vector<double> values = range(0, 40);
  for (const double repeated : {50.0, 50.0, 50.0, 45.0, -10.0, -10.0, -7.0}) values.push_back(repeated);
  Diagonal a(values);
  const Eigenpairs p = pairsOf(a, 5, 3);
  expectNear(valuesOf(p.top), {50, 50, 50, 45, 40}, 1e-7);
  expectNear(valuesOf(p.bottom), {-10, -10, -7}, 1e-7);
  const at::Tensor vectors = at::stack({p.topVectors[0], p.topVectors[1], p.topVectors[2], p.topVectors[3], p.bottomVectors[0], p.bottomVectors[1]});
  EXPECT_LT(largest(at::mm(vectors, vectors.t()) - at::eye(6, at::kDouble)), 1e-10);
}

// To the tolerance of float's default: the copies are accepted with residuals of up to 1e-3 of 50.
TEST(Lanczos, CountsRepeatedEigenvaluesInFloat) {
  std::vector<double> values = range(0, 40);
  for (const double repeated : {50.0, 50.0, 50.0, 45.0, -10.0, -10.0}) values.push_back(repeated);
  Diagonal a(values, at::kFloat);
  const Eigenpairs p = pairsOf(a, 4, 2, 1e-3);
  expectNear(valuesOf(p.top), {50, 50, 50, 45}, 0.05);
  expectNear(valuesOf(p.bottom), {-10, -10}, 0.05);
}

TEST(Lanczos, MorePairsThanDistinctValues) {
  Diagonal a({5, 5, 5, 1, 1, 1, 1, -2});
  const Eigenpairs p = pairsOf(a, 6, 4);
  expectNear(valuesOf(p.top), {5, 5, 5, 1, 1, 1}, 1e-12);
  expectNear(valuesOf(p.bottom), {-2, 1, 1, 1}, 1e-12);
}

TEST(Lanczos, AllPairsAtBothEnds) {
  Diagonal a({3, 1, -2, 3});
  const Eigenpairs p = pairsOf(a, 4, 4);
  expectNear(valuesOf(p.top), {3, 3, 1, -2}, 1e-13);
  expectNear(valuesOf(p.bottom), {-2, 1, 3, 3}, 1e-13);
}

TEST(Lanczos, MultipleOfTheIdentity) {
  Diagonal a(std::vector<double>(50, -3.0));
  const Eigenpairs p = pairsOf(a, 4, 2);
  expectNear(valuesOf(p.top), {-3, -3, -3, -3}, 1e-13);
  expectNear(valuesOf(p.bottom), {-3, -3}, 1e-13);
}

TEST(Lanczos, ZeroOperator) {
  Diagonal a(std::vector<double>(30, 0.0));
  const Eigenpairs p = pairsOf(a, 3, 2);
  EXPECT_EQ(valuesOf(p.top), std::vector<double>(3, 0.0));
  EXPECT_EQ(valuesOf(p.bottom), std::vector<double>(2, 0.0));
  for (const Eigenvalue& e : p.top) {
    EXPECT_EQ(e.residual, 0);
    EXPECT_TRUE(e.converged);
  }
}

TEST(Lanczos, OneParameter) {
  Diagonal a({-4});
  const Eigenpairs p = pairsOf(a, 1, 1);
  expectNear(valuesOf(p.top), {-4}, 1e-15);
  expectNear(valuesOf(p.bottom), {-4}, 1e-15);
  EXPECT_TRUE(p.top[0].converged);
  EXPECT_EQ(p.topVectors[0].item<double>(), 1);
}

// Scales far from one: every comparison is relative to max|lambda|.
TEST(Lanczos, ScalesWithTheOperator) {
  for (const double scale : {1e-12, 1e12}) {
    std::vector<double> values = range(-5, 30);
    for (double& v : values) v *= scale;
    Diagonal a(values);
    const Eigenpairs p = pairsOf(a, 2, 1);
    expectNear(valuesOf(p.top), {30 * scale, 29 * scale}, 1e-8 * scale);
    expectNear(valuesOf(p.bottom), {-5 * scale}, 1e-8 * scale);
    EXPECT_TRUE(p.top[0].converged);
  }
}

TEST(Lanczos, ReportedResidualIsThatOfAFreshProduct) {
  Diagonal a(range(-20, 200));
  for (const double tolerance : {1e-2, 1e-5, 1e-9}) {
    const Eigenpairs p = pairsOf(a, 3, 2, tolerance);
    const auto check = [&](const std::vector<Eigenvalue>& values, const std::vector<at::Tensor>& vectors) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        EXPECT_NEAR(vectors[i].norm().item<double>(), 1, 1e-13);
        const double residual = (a.apply(vectors[i]) - values[i].value * vectors[i]).norm().item<double>();
        EXPECT_NEAR(values[i].residual, residual, 1e-12);  // 200 eps
        EXPECT_EQ(values[i].converged, residual <= tolerance * 200);
        EXPECT_TRUE(values[i].converged);
        // Some eigenvalue (a whole number here) lies within the residual.
        EXPECT_LE(std::abs(values[i].value - std::round(values[i].value)), residual + 1e-12);
        EXPECT_LE(values[i].errorEstimate, values[i].residual);
      }
    };
    check(p.top, p.topVectors);
    check(p.bottom, p.bottomVectors);
  }
}

TEST(Lanczos, CountsItsProducts) {
  Diagonal a(range(-20, 100));
  const Eigenpairs p = pairsOf(a, 3, 1);
  EXPECT_EQ(p.products + p.residualProducts, a.products);
  EXPECT_GE(p.residualProducts, 4);
}

TEST(Lanczos, SameSeedSameBitsAnotherSeedSameValues) {
  const std::vector<double> values = range(-20, 100);
  Diagonal a(values);
  const LanczosOptions options{.top = 2, .bottom = 1, .tolerance = 1e-9, .maxProducts = 500, .seed = 7};
  const Eigenpairs first = extremeEigenpairs(a, options, {}), again = extremeEigenpairs(a, options, {});
  EXPECT_EQ(first.top, again.top);
  EXPECT_TRUE(at::equal(first.topVectors[0], again.topVectors[0]));
  LanczosOptions other = options;
  other.seed = 8;
  const Eigenpairs second = extremeEigenpairs(a, other, {});
  EXPECT_FALSE(at::equal(first.topVectors[0], second.topVectors[0]));
  expectNear(valuesOf(second.top), valuesOf(first.top), 1e-8);
}

// Out of products before the ends have settled: what is there, marked as not converged, within its residual of an eigenvalue.
TEST(Lanczos, FewProductsGiveUnconvergedPairs) {
  Diagonal a(range(0, 500));
  const Eigenpairs p = extremeEigenpairs(a, {.top = 2, .bottom = 1, .tolerance = 1e-9, .maxProducts = 8}, {});
  EXPECT_EQ(p.products, 8);
  ASSERT_EQ(p.top.size(), 2U);
  EXPECT_FALSE(p.stopped);
  for (const Eigenvalue& e : p.top) {
    EXPECT_FALSE(e.converged);
    EXPECT_GT(e.residual, 1e-9 * 500);
    EXPECT_LE(std::abs(e.value - std::round(e.value)), e.residual);
  }
}

// One Ritz value has no neighbour to judge by, which is no reason to promise an error of 0.
TEST(Lanczos, ErrorEstimateOfTheFirstProductIsItsResidual) {
  Diagonal a(range(0, 500));
  const Eigenpairs p = extremeEigenpairs(a, {.top = 1, .bottom = 0, .maxProducts = 1}, {});
  ASSERT_EQ(p.top.size(), 1U);
  EXPECT_GT(p.top[0].residual, 1);
  EXPECT_EQ(p.top[0].errorEstimate, p.top[0].residual);
}

// In float the residual cannot fall below a few eps max|lambda|: 1e-3 is met, 1e-9 is not, and is not claimed.
TEST(Lanczos, FloatConvergesToWhatFloatCanHold) {
  Diagonal a(range(-20, 100), at::kFloat);
  const Eigenpairs fine = pairsOf(a, 2, 1, 1e-3);
  expectNear(valuesOf(fine.top), {100, 99}, 0.1);
  for (const Eigenvalue& e : fine.top) {
    EXPECT_TRUE(e.converged);
    EXPECT_LE(e.residual, 1e-3 * 100);
  }
  EXPECT_EQ(fine.topVectors[0].scalar_type(), at::kFloat);
  const Eigenpairs beyond = pairsOf(a, 2, 1, 1e-9);
  for (const Eigenvalue& e : beyond.top) {
    EXPECT_FALSE(e.converged);
    EXPECT_GT(e.residual, 1e-9 * 100);
    EXPECT_LT(e.residual, 1e-4 * 100);
  }
  expectNear(valuesOf(beyond.top), {100, 99}, 1e-3);
}

TEST(Lanczos, RefusesWhatCannotBe) {
  Diagonal a({1, 2, 3});
  const auto messageFor = [&](const LanczosOptions& o) { return messageOf<std::invalid_argument>([&] { extremeEigenpairs(a, o, {}); }); };
  EXPECT_NE(messageFor({.top = 0, .bottom = 0}).find("nothing to measure"), std::string::npos);
  EXPECT_NE(messageFor({.top = -1}).find("-1"), std::string::npos);
  EXPECT_NE(messageFor({.top = 1, .bottom = -2}).find("-2"), std::string::npos);
  EXPECT_NE(messageFor({.top = 4}).find("--top 4"), std::string::npos);
  EXPECT_NE(messageFor({.top = 1, .bottom = 4}).find("--bottom 4"), std::string::npos);
  for (const double tolerance : {0.0, -1e-3, 1.0, std::numeric_limits<double>::quiet_NaN()})
    EXPECT_NE(messageFor({.tolerance = tolerance}).find("--residual"), std::string::npos) << tolerance;
  EXPECT_NE(messageFor({.maxProducts = 0}).find("--max-products"), std::string::npos);
  EXPECT_EQ(a.products, 0);
}

TEST(LanczosStop, BeforeTheFirstProductIsCancelled) {
  Diagonal a(range(0, 500));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(extremeEigenpairs(a, {}, testing::contextOf(stop)), trainer::Cancelled);
  EXPECT_EQ(a.products, 0);
}

TEST(LanczosStop, KeepsTheEstimatesOfWhatIsDone) {
  Diagonal a(range(-100, 500));
  std::stop_source stop;
  a.before = atProduct(6, [&] { stop.request_stop(); });
  const Eigenpairs p = extremeEigenpairs(a, {.top = 1, .bottom = 1, .tolerance = 1e-9, .maxProducts = 2000}, testing::contextOf(stop));
  EXPECT_TRUE(p.stopped);
  EXPECT_EQ(p.products, 6);
  EXPECT_EQ(a.products, 6);
  ASSERT_EQ(p.top.size(), 1U);
  ASSERT_EQ(p.bottom.size(), 1U);
  EXPECT_FALSE(p.top[0].converged);
  EXPECT_GT(p.top[0].residual, 0);
  EXPECT_LE(p.top[0].value, 500 + 1e-9);
  EXPECT_GE(p.bottom[0].value, -100 - 1e-9);
  EXPECT_NEAR(p.topVectors[0].norm().item<double>(), 1, 1e-13);
}

// The stop may also arrive as the exception that an operator throws from within a product.
TEST(LanczosStop, FromWithinAProductKeepsWhatIsDone) {
  Diagonal a(range(-100, 500));
  a.before = atProduct(6, [] { throw trainer::Cancelled(); });
  const Eigenpairs p = extremeEigenpairs(a, {.top = 1, .bottom = 1, .tolerance = 1e-9, .maxProducts = 2000}, {});
  EXPECT_TRUE(p.stopped);
  EXPECT_EQ(p.products, 5);
  ASSERT_EQ(p.top.size(), 1U);
}

// At every product of a search with restarts: from the first on there is always something to keep, and it is never worse than before.
TEST(LanczosStop, AtAnyProductKeepsWhatIsDone) {
  const std::vector<double> values = range(-4, 12);
  Diagonal whole(values);
  const LanczosOptions options{.top = 2, .bottom = 2, .tolerance = 1e-8, .maxProducts = 2000};
  extremeEigenpairs(whole, options, {});
  double best = -std::numeric_limits<double>::infinity();
  for (std::int64_t n = 2; n <= whole.products; ++n) {
    Diagonal a(values);
    a.before = atProduct(n, [] { throw trainer::Cancelled(); });
    const Eigenpairs p = extremeEigenpairs(a, options, {});
    EXPECT_TRUE(p.stopped) << n;
    ASSERT_FALSE(p.top.empty()) << n;
    EXPECT_GE(p.top[0].value, best - 1e-7) << n;
    best = std::max(best, p.top[0].value);
  }
  EXPECT_NEAR(best, 12, 1e-7);
}

TEST(LanczosStop, ReportsItsProgressInProducts) {
  Diagonal a(range(0, 60));
  std::int64_t last = 0;
  const trainer::Context context = testing::contextOf(std::stop_source(), [&](const trainer::Progress& p) {
    EXPECT_EQ(p.unit, "products");
    EXPECT_GT(p.done, last);
    last = p.done;
  });
  const Eigenpairs p = extremeEigenpairs(a, {.top = 1, .tolerance = 1e-6}, context);
  EXPECT_GT(last, 0);
  EXPECT_LE(last, p.products);
}

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
