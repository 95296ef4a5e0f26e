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
#include "tests/analysis/eigenpairs.h"
#include "tests/trainer/temporary_folder.h"
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

// The search for copies ends on evidence, not on convergence: over many starts none is missed, and where there is none it costs few products.
TEST(Lanczos, MissesNoCopyOverManyStarts) {
  std::vector<double> values = range(0, 40);
  for (int i = 0; i < 400; ++i) values.push_back(0.01 * i);
  for (const double repeated : {50.0, 50.0, 50.0, 45.0, -10.0, -10.0, -7.0}) values.push_back(repeated);
  Diagonal a(values);
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Eigenpairs p = extremeEigenpairs(a, {.top = 4, .bottom = 2, .tolerance = 1e-3, .maxProducts = 2000, .seed = seed}, {});
    expectNear(valuesOf(p.top), {50, 50, 50, 45}, 0.05);
    expectNear(valuesOf(p.bottom), {-10, -10}, 0.05);
  }
}

TEST(Lanczos, TheSearchForCopiesIsCheapWhereThereAreNone) {
  std::vector<double> values = range(0, 10);
  for (const double separate : {100.0, 80.0, 60.0, 50.0, 40.0}) values.push_back(separate);
  for (int i = 0; i < 2000; ++i) values.push_back(0.01 * (i % 100));
  Diagonal a(values);
  const Eigenpairs one = pairsOf(a, 5, 1, 1e-3);
  const std::int64_t lone = extremeEigenpairs(a, {.top = 1, .bottom = 1, .tolerance = 1e-3, .maxProducts = 2000}, {}).products;
  EXPECT_LE(one.products, lone + 12);
  expectNear(valuesOf(one.top), {100, 80, 60, 50, 40}, 0.1);
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

}  // namespace
}  // namespace analysis
