// SPDX-License-Identifier: GPL-3.0-or-later
// What else is computed at the points of a surface, several seeds, and the preview: on a quadratic, where each is known.
#include <gtest/gtest.h>

#include <cmath>

#include "analysis/surface/sample_fields.h"
#include "analysis/surface/sample_seeds.h"
#include "tests/analysis/surface_fake.h"
#include "tests/trainer/temporary_folder.h"

namespace analysis {
namespace {

using testing::FakePlane;
using testing::planeSpec;

SurfaceGrid withFields(FakePlane& fake, SurfaceSpec spec, std::vector<std::string> fields, const Context& context = {}) {
  spec.fields = std::move(fields);
  SurfaceGrid g = samplePlane(*fake.plane, spec, {}, context);
  sampleFields(*fake.plane, spec, g, context);
  return g;
}

// Hessian diag(1..23) everywhere. A residual of 1e-2 * 23 bounds the eigenvalue's error; the Ritz value's own is its square over the gap of 1.
TEST(SurfaceFields, lambdaMaxOfAQuadraticIsTheSameEverywhereWithItsResidual) {
  const SurfaceSpec spec = planeSpec(5, 3);
  FakePlane fake(spec);
  const SurfaceGrid g = withFields(fake, spec, {"lambda-max"});
  ASSERT_EQ(g.fields.size(), 1u);
  const SurfaceField& f = g.fields[0];
  for (std::size_t i = 0; i < f.values.size(); ++i) {
    EXPECT_NEAR(f.values[i], 23, 0.06) << i;
    EXPECT_LE(f.residual[i], 0.23) << i;
  }
  EXPECT_GT(f.products, 15 * 5);
  EXPECT_LT(f.products, 15 * 40);
  EXPECT_FALSE(g.stopped);
}

TEST(SurfaceFields, gradientNormAndSamMaxInClosedForm) {
  SurfaceSpec spec = planeSpec(5, 3);
  spec.rho = 0.3;
  FakePlane fake(spec);
  const SurfaceGrid g = withFields(fake, spec, {"gradient-norm", "sam-max", "generalisation"});
  ASSERT_EQ(g.fields.size(), 3u);
  const at::Tensor a = fake.train->scales();
  for (std::int64_t row = 0; row < 3; ++row)
    for (std::int64_t column = 0; column < 5; ++column) {
      const auto i = static_cast<std::size_t>(row * 5 + column);
      const at::Tensor theta = fake.plane->pointAt(g.x[static_cast<std::size_t>(column)], g.y[static_cast<std::size_t>(row)]).clone(), grad = a * theta;
      const double norm = grad.norm().item<double>();
      EXPECT_NEAR(g.fields[0].values[i], norm, 1e-11 * norm) << i;
      const double oneStep = fake.train->quadratic(theta + grad * (0.3 / norm)), bound = g.train.loss[i] + 0.3 * norm + 0.5 * 0.09 * 23;
      EXPECT_GE(g.fields[1].values[i], oneStep - 1e-12) << "SAM's own step is the first";
      EXPECT_LE(g.fields[1].values[i], bound);
      EXPECT_EQ(g.fields[2].values[i], 0) << "both sets are the same quadratic";
    }
  EXPECT_EQ(g.fields[0].gradients, 15);
  EXPECT_EQ(g.fields[1].gradients, 4 * 15);
  EXPECT_EQ(g.fields[1].evaluations, 4 * 15);
  EXPECT_EQ(g.fields[2].gradients, 0);
}

TEST(SurfaceFields, aStopKeepsWhatIsThere) {
  const SurfaceSpec spec = planeSpec(5, 3);
  FakePlane fake(spec);
  std::stop_source stop;
  Context context{.stop = stop.get_token(), .progress = {}, .waitWhilePaused = {}};
  context.progress = [&](const trainer::Progress& p) {
    if (p.stage == "gradient-norm" && p.done == 4) stop.request_stop();
  };
  const SurfaceGrid g = withFields(fake, spec, {"gradient-norm", "lambda-max"}, context);
  EXPECT_TRUE(g.stopped);
  ASSERT_EQ(g.fields.size(), 1u);
  EXPECT_FALSE(std::isnan(g.fields[0].values[3]));
  EXPECT_TRUE(std::isnan(g.fields[0].values[4]));
}

TEST(SurfaceSeeds, meanAndDeviationAreThoseOfTheSlices) {
  SurfaceSpec spec;
  spec.x.size = 5, spec.directionSeed = 3, spec.seeds = 4;
  FakePlane fake(spec);
  const SurfaceGrid g = sampleSeeds(*fake.plane, spec, {}, {});
  ASSERT_EQ(g.seeds.size(), 4u);
  std::vector<SurfaceGrid> slices;
  for (std::uint64_t seed = 3; seed < 7; ++seed) {
    SurfaceSpec one = spec;
    one.directionSeed = seed, one.seeds = 1;
    FakePlane single(one);
    slices.push_back(samplePlane(*single.plane, one, {}, {}));
    EXPECT_EQ(g.seeds[seed - 3].seed, seed);
    EXPECT_EQ(g.seeds[seed - 3].train.loss, slices.back().train.loss);
    EXPECT_EQ(g.seeds[seed - 3].norm, slices.back().directionNorms[0]);
  }
  for (std::size_t i = 0; i < 5; ++i) {
    double mean = 0, square = 0;
    for (const SurfaceGrid& s : slices) mean += s.train.loss[i] / 4;
    for (const SurfaceGrid& s : slices) square += std::pow(s.train.loss[i] - mean, 2) / 3;
    EXPECT_NEAR(g.train.loss[i], mean, 1e-13 * mean);
    EXPECT_NEAR(g.trainDeviation.loss[i], std::sqrt(square), 1e-12 * mean);
  }
  EXPECT_LT(g.trainDeviation.loss[2], 1e-13 * g.centre) << "the centre is the same on every line";
  EXPECT_EQ(g.evaluations, 20);
  EXPECT_EQ(g.directions[0], "random, filter-normalised, 1-D zero, seed 3 and the following, mean of 4");
}

TEST(SurfaceSeeds, areForRandomSlicesAlone) {
  SurfaceSpec spec = planeSpec(3, 3);
  spec.seeds = 2;
  EXPECT_NE(messageOf<std::invalid_argument>([&] { validate(spec); }).find("--seeds"), std::string::npos);
  spec.y.reset();
  EXPECT_NO_THROW(validate(spec));
  spec.x.kind = "gradient";
  EXPECT_THROW(validate(spec), std::invalid_argument);
  spec.seeds = 1;
  spec.fields = {"lambda-min"};
  EXPECT_NE(messageOf<std::invalid_argument>([&] { validate(spec); }).find("gradient-norm, lambda-max"), std::string::npos);
}

}  // namespace
}  // namespace analysis
