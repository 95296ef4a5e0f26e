// SPDX-License-Identifier: GPL-3.0-or-later
// Few evaluations: what is promised against the true error at every point. The plain twin is the exact grid.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <set>

#include "analysis/export/result_file.h"
#include "analysis/surface/dyadic_interpolant.h"
#include "analysis/surface/refine_surface.h"
#include "tests/analysis/surface_fake.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/base/random.h"

#include <nlohmann/json.hpp>

namespace analysis {
namespace {

using testing::FakePlane;
using testing::planeSpec;
using Loss = std::function<double(double, double)>;

SurfaceGrid openGrid(std::int64_t columns, std::int64_t rows, double reach) {
  SurfaceGrid g;
  const auto line = [&](std::int64_t n) {
    std::vector<double> out;
    for (std::int64_t i = 0; i < n; ++i) out.push_back(n == 1 ? 0 : -reach + 2 * reach * static_cast<double>(i) / static_cast<double>(n - 1));
    return out;
  };
  g.x = line(columns), g.y = line(rows), g.slice = rows == 1;
  const auto points = static_cast<std::size_t>(columns * rows);
  for (SurfaceValues* v : {&g.train, &g.test}) v->loss.assign(points, NAN), v->accuracy.assign(points, NAN);
  g.computed.assign(points, 0);
  return g;
}

/// A refined grid, how often it evaluated, and the share of its points that are off by more than the tolerance, by the true range.
struct Outcome {
  SurfaceGrid grid;
  std::int64_t evaluations = 0;
  double wrong = 0, worst = 0;
};

Outcome refined(const Loss& loss, std::int64_t columns, std::int64_t rows, double reach, std::uint64_t seed, double tolerance = 0.01) {
  Outcome o{openGrid(columns, rows, reach)};
  SurfaceGrid& g = o.grid;
  refineSurface(g, {.tolerance = tolerance, .seed = seed, .evaluate = [&](GridPoint p) {
                      const auto i = static_cast<std::size_t>(p.row * columns + p.column);
                      EXPECT_EQ(g.computed[i], 0) << "evaluated twice";
                      const double v = loss(g.x[static_cast<std::size_t>(p.column)], g.y[static_cast<std::size_t>(p.row)]);
                      g.train.loss[i] = v, g.test.loss[i] = 1.1 * v, g.train.accuracy[i] = g.test.accuracy[i] = std::isfinite(v) ? 1 / (1 + std::abs(v)) : 0.1;
                      g.computed[i] = 1, ++o.evaluations;
                    }, .planned = {}, .shown = {}});
  const auto at = [&](std::size_t i) { return loss(g.x[i % g.x.size()], g.y[i / g.x.size()]); };
  double low = INFINITY, high = -INFINITY;
  for (std::size_t i = 0; i < g.computed.size(); ++i)
    if (const double v = at(i); std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
  for (std::size_t i = 0; i < g.computed.size(); ++i) {
    const double error = relativeError(g.train.loss[i], at(i), (high - low) / 100);
    EXPECT_TRUE(g.computed[i] == 0 || error == 0);
    EXPECT_EQ(g.computed[i] == 0, g.isInterpolated(i));
    o.wrong += error > tolerance ? 1.0 / static_cast<double>(g.computed.size()) : 0;
    o.worst = std::max(o.worst, error);
  }
  return o;
}

double basin(double x, double y) { return 0.02 + 2.3 * (1 - std::exp(-2 * x * x - 2.6 * y * y)) + 0.2 * std::sin(2 * x + y); }
double bowl(double x, double y) { return 0.1 + 2 * x * x + 0.7 * y * y + 0.3 * x * y; }

// A polynomial of degree 3 along each axis is in every stencil: nothing but the nine points a side and the held-back ones, and exact to rounding.
TEST(RefineSurface, ABowlTakesItsFirstLevelAndTheCheck) {
  for (const std::int64_t side : {33, 129, 257}) {
    const Outcome o = refined(bowl, side, side, 1, 0);
    EXPECT_EQ(o.evaluations, 81 + kHeldBack);
    EXPECT_LT(o.worst, 1e-12);
    ASSERT_TRUE(o.grid.promise.has_value());
    EXPECT_EQ(o.grid.promise->heldBack, kHeldBack);
    EXPECT_EQ(o.grid.promise->interpolated, side * side - o.evaluations);
    EXPECT_EQ(o.grid.promise->coverage, kCoverage);
  }
}

// The target: where 17 x 17 points and a bicubic are enough, 320 evaluations in all, whatever the resolution. (They leave 0.6 % of the first, 0.02 % of the other.)
TEST(RefineSurface, ASmoothSurfaceTakesAtMost320EvaluationsAtAnyResolution) {
  for (const Loss& loss : {Loss([](double x, double y) { return basin(x, y) + 0.23; }), Loss([](double x, double y) { return 0.05 + std::log1p(std::exp(3 * x - 2 * y)) + std::log1p(std::exp(-4 * x - y)) + 0.5 * y * y; })})
    for (const std::int64_t side : {65, 129, 257}) {
      const Outcome o = refined(loss, side, side, 1, 3);
      EXPECT_LE(o.evaluations, 320) << side;
      EXPECT_LE(o.worst, 0.01) << side;
      EXPECT_EQ(o.grid.promise->draws, 1);
      EXPECT_LE(o.grid.promise->worstSeen, o.worst);
    }
}

TEST(RefineSurface, KinksAndWallsAreRefinedWhereTheyAre) {
  const Loss kinked = [](double x, double y) { return 0.1 + std::abs(x) + std::abs(y); };
  const Loss oblique = [](double x, double y) { return 0.1 + std::abs(x - 0.123) + std::abs(y + 0.31 * x); };
  const Loss diverged = [](double x, double y) { return std::hypot(x, y) > 0.8 ? NAN : 0.1 + x * x + y * y; };
  const Loss overflow = [](double x, double y) { return x + 0.3 * y > 0.37 ? INFINITY : 0.1 + std::exp(x - y); };
  const Loss step = [](double x, double y) { return (x + 0.3 * y > 0.37 ? 5 : 0) + 0.1 + x * x + y * y; };
  for (const Loss& loss : {kinked, oblique, diverged, overflow, step}) {
    const Outcome o = refined(loss, 129, 129, 1, 1);
    EXPECT_LE(o.evaluations, 129 * 129 / 4);
    EXPECT_LE(o.wrong, 0.01);
  }
  // A wall is where it is: no interpolated point next to it is finite on the wrong side.
  EXPECT_EQ(refined(diverged, 129, 129, 1, 1).wrong, 0);
}

TEST(RefineSurface, ExponentialGrowthOverAWideRange) {
  const Outcome o = refined([](double x, double y) { return 0.01 * std::exp(4 * x + 2 * y) + 0.05; }, 129, 129, 3, 0);
  EXPECT_LE(o.evaluations, 400);
  EXPECT_LE(o.worst, 0.01);
}

// Between the points of every level but the last a wave of period 8 cells is 0: only the held-back points can tell.
TEST(RefineSurface, AWaveThatLooksFlatOnCoarseLevelsIsFound) {
  const Loss wave = [](double x, double y) { return 1 + x * x + y * y + 0.3 * std::sin(16 * std::numbers::pi * x) * std::sin(16 * std::numbers::pi * y); };
  const Outcome o = refined(wave, 129, 129, 1, 0);
  EXPECT_LE(o.wrong, 0.05);
  EXPECT_GT(o.evaluations, 129 * 129 / 4) << "nothing coarser shows it";
}

// What cannot be interpolated is computed, all of it, and promised as exact.
TEST(RefineSurface, NoiseIsComputedThroughout) {
  const Outcome o = refined([](double x, double y) { return 1 + x * x + 0.03 * std::sin(1e5 * x + 2e5 * y); }, 33, 33, 1, 0);
  EXPECT_EQ(o.evaluations, 33 * 33);
  EXPECT_TRUE(o.grid.interpolated.empty());
  EXPECT_EQ(o.grid.promise->coverage, 1);
  EXPECT_EQ(o.grid.promise->worstSeen, 0);
  EXPECT_EQ(o.grid.promise->draws, 0);
}

TEST(RefineSurface, SmallSlicedAndOblongGrids) {
  for (const auto& [columns, rows] : {std::pair<std::int64_t, std::int64_t>{9, 9}, {5, 5}, {3, 3}, {33, 1}}) {
    const Outcome o = refined(basin, columns, rows, 1, 0);
    EXPECT_EQ(o.worst, 0) << columns << " x " << rows << ": no more than the first level and 30 points, so all of them";
  }
  const Outcome line = refined(basin, 257, 1, 1, 0);
  EXPECT_LE(line.evaluations, 9 + 8 + 30);
  EXPECT_LE(line.wrong, 0.05);
  const Outcome oblong = refined(basin, 129, 33, 1, 0);
  EXPECT_LE(oblong.evaluations, 800);
  EXPECT_LE(oblong.wrong, 0.05);
}

// What the promise says, over surfaces that are made to break it: a spike of random place and width, which a coarse level may miss. A random point is wrong with probability
// 0.05 at most, over the draws; the mean of 200 shares in [0, 1] with that expectation is above 0.05 + 0.03 with probability < exp(-2 200 0.03^2 / 0.2^2) (each share here is below
// 0.2, Hoeffding), 1e-4.
TEST(RefineSurface, ThePromiseHoldsOnAverageOverSpikesThatAreMissed) {
  double wrong = 0;
  int missed = 0;
  trainer::RandomStream random(5);
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const double cx = 2 * random.uniform() - 1, cy = 2 * random.uniform() - 1, width = 0.01 + 0.15 * random.uniform();
    const Outcome o = refined([&](double x, double y) { return 1 + x * x + std::exp(-((x - cx) * (x - cx) + (y - cy) * (y - cy)) / (2 * width * width)); }, 65, 65, 1, seed);
    EXPECT_LE(o.wrong, 0.2);
    wrong += o.wrong / 200;
    missed += o.wrong > 0 ? 1 : 0;
  }
  EXPECT_LE(wrong, 0.08);
  EXPECT_GT(missed, 0) << "the test is one: some spikes are missed";
}

// V_m of promise.h against draws: a surface whose share p of wrong points no refinement changes passes 30 points in one of 8 draws with 1 - (1 - (1 - p)^30)^8.
TEST(ErrorPromise, MissProbabilityIsAnUpperBoundForEveryShare) {
  EXPECT_NEAR(missProbability(30, 1), std::pow(30.0 / 31, 30) / 31, 1e-15);
  const double bound = missProbability(kHeldBack, kMostDraws);
  EXPECT_LE(bound, 1 - kCoverage);
  EXPECT_GT(missProbability(kHeldBack, kMostDraws + 2), 1 - kCoverage) << "more draws would promise less";
  for (double p = 0.001; p < 1; p += 0.001) EXPECT_LE(p * (1 - std::pow(1 - std::pow(1 - p, 30), 8)), bound);
}

TEST(ErrorPromise, HeldBackPointsAreOneOfEachPartAndFreshWithEachSeed) {
  std::vector<std::uint8_t> computed(65 * 65, 0);
  for (std::size_t i = 0; i < computed.size(); i += 3) computed[i] = 1;
  const std::vector<std::size_t> one = drawHeldBack(computed, 65, 1), again = drawHeldBack(computed, 65, 1), other = drawHeldBack(computed, 65, 2);
  EXPECT_EQ(one, again);
  EXPECT_NE(one, other);
  EXPECT_EQ(std::set<std::size_t>(one.begin(), one.end()).size(), static_cast<std::size_t>(kHeldBack));
  std::array<int, 4> quarters{};
  for (const std::size_t i : one) {
    EXPECT_EQ(computed[i], 0);
    ++quarters[(i % 65 < 32 ? 0U : 1U) + (i / 65 < 32 ? 0U : 2U)];
  }
  for (const int q : quarters) EXPECT_NEAR(q, 7.5, 2.5) << "parts follow the grid";
  EXPECT_EQ(drawHeldBack(std::vector<std::uint8_t>(20, 0), 5, 0).size(), 20u);
}

TEST(DyadicInterpolant, PolynomialsOfDegreeThreeAreReproducedAtTheEdgesToo) {
  std::vector<double> values;
  for (int r = 0; r < 9; ++r)
    for (int c = 0; c < 9; ++c) values.push_back(3 + c * c * c - 2.0 * r * r * c + r);
  std::vector<std::uint8_t> computed(81, 0);
  for (std::size_t i = 0; i < 81; ++i) computed[i] = i % 9 % 2 == 0 && i / 9 % 2 == 0;
  DyadicInterpolant a(9, 9, DyadicInterpolant::Kind::loss);
  a.begin(values, 2);
  a.descend(values, computed, 1);
  for (std::size_t i = 0; i < 81; ++i) EXPECT_NEAR(a.values()[i], values[i], 1e-11);
}

TEST(DyadicInterpolant, NothingReachesAcrossAPointThatDiverged) {
  std::vector<double> line{1, 0, 2, 0, 3, 0, NAN, 0, 1e6};
  const std::vector<std::uint8_t> computed{1, 0, 1, 0, 1, 0, 1, 0, 1};
  DyadicInterpolant a(9, 1, DyadicInterpolant::Kind::loss);
  a.begin(line, 2);
  EXPECT_FALSE(a.undecided(3, 0));
  EXPECT_TRUE(a.undecided(5, 0));
  a.descend(line, computed, 0);
  EXPECT_DOUBLE_EQ(a.values()[1], 1.5);
  EXPECT_DOUBLE_EQ(a.values()[3], 2.5);
  EXPECT_TRUE(std::isnan(a.values()[5]));
}

// Through the sampler: evaluated points are those of the exact grid to the bit.
TEST(RefineSurface, ThePlaneIsEvaluatedAtTheGridsPoints) {
  SurfaceSpec spec = planeSpec(65, 65), exact = spec;
  spec.tolerance = 0.01;
  FakePlane few(spec), all(exact);
  int shown = 0;
  const SurfaceGrid g = samplePlane(*few.plane, spec, [&](auto grid, std::int64_t stride) {
    ++shown;
    if (!grid->interpolated.empty()) EXPECT_TRUE(std::ranges::none_of(grid->train.loss, [](double v) { return std::isnan(v); })) << stride;
  }, {});
  const SurfaceGrid twin = samplePlane(*all.plane, exact, {}, {});
  EXPECT_EQ(g.evaluations, few.watch->evaluations);
  EXPECT_EQ(g.evaluations, 81 + kHeldBack);
  EXPECT_GT(shown, 1);
  for (std::size_t i = 0; i < twin.computed.size(); ++i) {
    EXPECT_TRUE(g.hasValue(i));
    if (g.computed[i] != 0) EXPECT_EQ(g.train.loss[i], twin.train.loss[i]);
    else EXPECT_NEAR(g.train.loss[i], twin.train.loss[i], 1e-10 * twin.train.loss[i]);
  }
  // Continued to an exact one: what was computed is taken over, what was interpolated is not.
  FakePlane rest(exact);
  const SurfaceGrid whole = samplePlane(*rest.plane, exact, {}, {}, {spec, std::make_shared<const SurfaceGrid>(g)});
  EXPECT_EQ(rest.watch->evaluations, 65 * 65 - g.evaluations + 1) << "the centre is looked at again";
  EXPECT_EQ(whole.train.loss, twin.train.loss);
  EXPECT_TRUE(whole.interpolated.empty());
  EXPECT_FALSE(whole.promise.has_value());
}

TEST(RefineSurface, AStopKeepsWhatWasComputedAndPromisesNothing) {
  SurfaceSpec spec = planeSpec(65, 65);
  spec.tolerance = 0.01;
  FakePlane fake(spec);
  std::stop_source stop;
  fake.watch->before = [&] {
    if (fake.watch->evaluations == 99) stop.request_stop();
  };
  const SurfaceGrid g = samplePlane(*fake.plane, spec, {}, {.stop = stop.get_token(), .progress = {}, .waitWhilePaused = {}});
  EXPECT_TRUE(g.stopped);
  EXPECT_EQ(std::ranges::count(g.computed, 1), 100);
  EXPECT_TRUE(g.interpolated.empty());
  EXPECT_FALSE(g.promise.has_value());
  for (std::size_t i = 0; i < g.computed.size(); ++i) EXPECT_EQ(std::isnan(g.train.loss[i]), g.computed[i] == 0);
}

TEST(RefineSurface, WhatDoesNotGoWithAToleranceIsRefused) {
  const auto refused = [](const auto& change) {
    SurfaceSpec spec = planeSpec(65, 65);
    spec.tolerance = 0.01;
    change(spec);
    return messageOf<std::invalid_argument>([&] { validate(spec); });
  };
  EXPECT_NE(refused([](SurfaceSpec& s) { s.x.size = 51; }).find("the nearest is 65 x 65"), std::string::npos);
  EXPECT_NE(refused([](SurfaceSpec& s) { s.x.size = 51, s.y.reset(); }).find("the nearest is 65"), std::string::npos);
  EXPECT_NE(refused([](SurfaceSpec& s) { s.tolerance = 0; }).find("--tolerance"), std::string::npos);
  EXPECT_NE(refused([](SurfaceSpec& s) { s.tolerance = NAN; }).find("--tolerance"), std::string::npos);
  EXPECT_NE(refused([](SurfaceSpec& s) { s.fields = {"lambda-max"}; }).find("--fields"), std::string::npos);
  EXPECT_NE(refused([](SurfaceSpec& s) { s.seeds = 3, s.y.reset(); }).find("--seeds"), std::string::npos);
}

TEST(RefineSurface, TheFileSaysWhatWasComputedAndWhatIsPromised) {
  for (const bool slice : {false, true}) {
    SurfaceResult r{planeSpec(33, 33), {}};
    r.spec.tolerance = 0.02;
    if (slice) r.spec.x.size = 129, r.spec.y.reset();
    FakePlane fake(r.spec);
    r.grid = samplePlane(*fake.plane, r.spec, {}, {});
    const auto j = nlohmann::json::parse(toJson(r).dump());
    EXPECT_EQ(j.at("computed").size(), slice ? 129u : 33u);
    EXPECT_EQ(j.at("promised_error").at("held_back"), kHeldBack);
    EXPECT_EQ(j.at("promised_error").at("tolerance"), 0.02);
    const auto back = std::get<SurfaceResult>(toResult(j, "text"));
    EXPECT_EQ(back.spec, r.spec);
    EXPECT_EQ(back.grid.computed, r.grid.computed);
    EXPECT_EQ(back.grid.interpolated, r.grid.interpolated);
    EXPECT_EQ(back.grid.promise, r.grid.promise);
    EXPECT_EQ(back.grid.train.loss, r.grid.train.loss);
    EXPECT_NE(commandLine(r).find("--tolerance 0.02"), std::string::npos);
    EXPECT_EQ(toJson(back), toJson(r));
  }
}

}  // namespace
}  // namespace analysis
