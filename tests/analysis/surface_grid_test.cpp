// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "analysis/surface/grid_order.h"
#include "tests/analysis/surface_fake.h"

namespace analysis {
namespace {

using testing::FakePlane;
using testing::planeSpec;

std::size_t at(const SurfaceGrid& g, std::int64_t row, std::int64_t column) { return static_cast<std::size_t>(row * g.columns() + column); }

// L(theta0 + x d1 + y d2) for the quadratic, expanded: c + gx x + gy y + 1/2 (hxx x^2 + 2 hxy x y + hyy y^2).
TEST(SampleSurface, QuadraticInClosedFormOnAGridThatIsNotSquare) {
  SurfaceSpec spec = planeSpec(17, 9);
  spec.x.from = -1, spec.x.to = 3;
  spec.y->from = -0.5, spec.y->to = 0.5;
  FakePlane fake(spec);
  const SurfaceGrid g = samplePlane(*fake.plane, spec, {}, {});
  ASSERT_EQ(g.columns(), 17);
  ASSERT_EQ(g.rows(), 9);
  ASSERT_EQ(g.train.loss.size(), 17u * 9u);
  const auto dot = [](const at::Tensor& a, const at::Tensor& b) { return a.dot(b).item<double>(); };
  const at::Tensor t = fake.train->theta0(), a = fake.train->scales(), d1 = fake.plane->directions().d1, d2 = fake.plane->directions().d2;
  const double c = 0.5 * dot(a * t, t), gx = dot(a * t, d1), gy = dot(a * t, d2), hxx = dot(a * d1, d1), hxy = dot(a * d1, d2), hyy = dot(a * d2, d2);
  for (std::int64_t row = 0; row < g.rows(); ++row) {
    for (std::int64_t column = 0; column < g.columns(); ++column) {
      const double x = -1 + 4.0 * static_cast<double>(column) / 16, y = -0.5 + static_cast<double>(row) / 8;
      const double expected = c + gx * x + gy * y + 0.5 * (hxx * x * x + 2 * hxy * x * y + hyy * y * y);
      // Both sides are sums of about 100 terms in double: 100 units of rounding, relative to their largest value.
      EXPECT_NEAR(g.train.loss[at(g, row, column)], expected, 1e-13 * (c + 10 * (hxx + hyy))) << row << ", " << column;
      EXPECT_EQ(g.test.loss[at(g, row, column)], g.train.loss[at(g, row, column)]);
      EXPECT_EQ(g.computed[at(g, row, column)], 1);
    }
  }
  EXPECT_FALSE(g.stopped);
  EXPECT_EQ(g.step, 42);
  EXPECT_EQ(g.parameters, 23);
}

TEST(SampleSurface, EveryPointIsEvaluatedOnceInAnyOrder) {
  for (const auto& [columns, rows] : {std::pair{33, 33}, {17, 9}, {21, 7}}) {
    const SurfaceSpec spec = planeSpec(columns, rows);
    FakePlane fake(spec);
    std::set<std::vector<double>> thetas;
    fake.watch->loss = [&](const at::Tensor& theta) {
      thetas.insert(std::vector<double>(theta.const_data_ptr<double>(), theta.const_data_ptr<double>() + theta.numel()));
      return 1.0;
    };
    const SurfaceGrid g = samplePlane(*fake.plane, spec, {}, {});
    EXPECT_EQ(fake.watch->evaluations, columns * rows);
    EXPECT_EQ(fake.testWatch->evaluations, columns * rows);
    EXPECT_EQ(thetas.size(), static_cast<std::size_t>(columns * rows));
    EXPECT_EQ(g.evaluations, columns * rows);
  }
}

TEST(SampleSurface, NestedLevelsGiveTheBitsOfOnePass) {
  const SurfaceSpec spec = planeSpec(17, 33);
  FakePlane nested(spec, at::kFloat), plain(spec, at::kFloat);
  const SurfaceGrid g = samplePlane(*nested.plane, spec, {}, {});
  for (std::int64_t row = 0; row < g.rows(); ++row)
    for (std::int64_t column = 0; column < g.columns(); ++column)
      EXPECT_EQ(g.train.loss[at(g, row, column)],
                plain.plane->evaluate(g.x[static_cast<std::size_t>(column)], g.y[static_cast<std::size_t>(row)]).train.loss);
}

TEST(SampleSurface, TheObserverSeesWholeLevelsFromCoarseToFine) {
  const SurfaceSpec spec = planeSpec(33, 17);
  FakePlane fake(spec);
  std::vector<std::shared_ptr<const SurfaceGrid>> seen;
  std::vector<std::int64_t> strides;
  const SurfaceGrid g = samplePlane(*fake.plane, spec, [&](auto grid, std::int64_t stride) {
    if (strides.empty() || strides.back() != stride) strides.push_back(stride);
    seen.push_back(grid);
    if (stride < 4 || grid->evaluations >= 9 * 5)
      for (std::int64_t row = 0; row < grid->rows(); row += stride)
        for (std::int64_t column = 0; column < grid->columns(); column += stride) EXPECT_EQ(grid->computed[at(*grid, row, column)], 1);
  }, {});
  EXPECT_EQ(strides, (std::vector<std::int64_t>{4, 2, 1}));
  EXPECT_EQ(seen.back()->evaluations, 33 * 17);
  EXPECT_EQ(seen.back()->train.loss, g.train.loss);
  EXPECT_LT(seen.front()->evaluations, 33 * 17);  // an earlier snapshot stays as it was
}

TEST(SampleSurface, CentreIsTheGridsCentreAndTheLossOfTheta) {
  for (const auto type : {at::kFloat, at::kDouble}) {
    const SurfaceSpec spec = planeSpec(5, 9);
    FakePlane fake(spec, type);
    const SurfaceGrid g = samplePlane(*fake.plane, spec, {}, {});
    EXPECT_EQ(g.centre, g.train.loss[at(g, 4, 2)]);
    EXPECT_EQ(g.centre, fake.train->quadratic(fake.train->theta0().to(at::kDouble)));
  }
}

TEST(SampleSurface, ASliceHasOneRow) {
  SurfaceSpec spec = planeSpec(9, 3);
  spec.y.reset();
  FakePlane fake(spec);
  const SurfaceGrid g = samplePlane(*fake.plane, spec, {}, {});
  EXPECT_TRUE(g.slice);
  EXPECT_EQ(g.y, std::vector<double>{0});
  EXPECT_EQ(g.evaluations, 9);
  EXPECT_EQ(g.directions.size(), 1u);
  for (std::int64_t column = 0; column < 9; ++column) {
    const at::Tensor theta = fake.train->theta0() + fake.plane->directions().d1 * g.x[static_cast<std::size_t>(column)];
    EXPECT_EQ(g.train.loss[at(g, 0, column)], fake.train->quadratic(theta));
  }
}

TEST(SampleSurface, AStopKeepsWhatIsThere) {
  const SurfaceSpec spec = planeSpec(17, 17);
  FakePlane fake(spec);
  std::stop_source stop;
  fake.watch->before = [&] {
    if (fake.watch->evaluations == 99) stop.request_stop();
  };
  const std::string before = fake.train->stateHash();
  const SurfaceGrid g = samplePlane(*fake.plane, spec, {}, {.stop = stop.get_token()});
  EXPECT_TRUE(g.stopped);
  EXPECT_EQ(g.evaluations, 100);  // the point under way is finished, none is begun
  EXPECT_EQ(std::ranges::count(g.computed, 1), 100);
  for (std::size_t i = 0; i < g.computed.size(); ++i) {
    EXPECT_EQ(std::isnan(g.train.loss[i]), g.computed[i] == 0);
    EXPECT_EQ(std::isnan(g.test.accuracy[i]), g.computed[i] == 0);
  }
  EXPECT_EQ(fake.train->stateHash(), before);
}

TEST(SampleSurface, StoppedBeforeTheFirstPointHasNoValue) {
  const SurfaceSpec spec = planeSpec(5, 5);
  FakePlane fake(spec);
  std::stop_source stop;
  stop.request_stop();
  const SurfaceGrid g = samplePlane(*fake.plane, spec, {}, {.stop = stop.get_token()});
  EXPECT_TRUE(g.stopped);
  EXPECT_EQ(g.evaluations, 0);
  EXPECT_TRUE(std::isnan(g.centre));
}

TEST(SampleSurface, AnErrorLeavesThetaAsItWas) {
  const SurfaceSpec spec = planeSpec(5, 5);
  FakePlane fake(spec);
  const std::string before = fake.train->stateHash();
  fake.watch->before = [&] {
    if (fake.watch->evaluations == 7) throw trainer::NumericalError("on purpose");
  };
  EXPECT_THROW(samplePlane(*fake.plane, spec, {}, {}), trainer::NumericalError);
  EXPECT_EQ(fake.train->stateHash(), before);
}

TEST(SampleSurface, DivergedLossesStayAsTheyAre) {
  SurfaceSpec spec = planeSpec(5, 3);
  FakePlane fake(spec);
  fake.watch->loss = [&](const at::Tensor&) -> double {
    if (fake.watch->evaluations == 3) return INFINITY;
    return fake.watch->evaluations == 4 ? NAN : 1.5;
  };
  const SurfaceGrid g = samplePlane(*fake.plane, spec, {}, {});
  EXPECT_EQ(std::ranges::count_if(g.train.loss, [](double v) { return std::isinf(v); }), 1);
  EXPECT_EQ(std::ranges::count_if(g.train.loss, [](double v) { return std::isnan(v); }), 1);
  EXPECT_EQ(std::ranges::count(g.computed, 1), 15);
  EXPECT_FALSE(g.stopped);
}

TEST(SampleSurface, ReportsPoints) {
  const SurfaceSpec spec = planeSpec(5, 3);
  FakePlane fake(spec);
  std::vector<trainer::Progress> reports;
  trainer::Context context;
  context.progress = [&](const trainer::Progress& p) { reports.push_back(p); };
  samplePlane(*fake.plane, spec, {}, context);
  ASSERT_EQ(reports.size(), 15u);
  EXPECT_EQ(reports.back().unit, "points");
  EXPECT_EQ(reports.back().stage, "5 x 3");
  EXPECT_EQ(reports.back().done, 15);
  EXPECT_EQ(reports.back().total, 15);
}

}  // namespace
}  // namespace analysis
