// SPDX-License-Identifier: GPL-3.0-or-later
// 1/2 lambda a^2 against the surface it stands for.
#include <gtest/gtest.h>

#include <cmath>

#include "analysis/surface/quadratic_model.h"
#include "tests/analysis/surface_fake.h"

namespace analysis {
namespace {

using testing::FakePlane;
using testing::planeSpec;

SurfaceSpec eigenPlane(const std::string& x, const std::string& y) {
  SurfaceSpec spec = planeSpec(5, 5);
  spec.x.kind = x, spec.y->kind = y;
  return spec;
}

// The quadratic's second differences are its curvature to rounding; the model has the same ones, and what differs from it is the gradient's slope alone.
TEST(QuadraticModel, hasTheSecondDifferencesOfTheSurface) {
  const SurfaceSpec spec = eigenPlane("eigen:1", "eigen:-1");
  FakePlane fake(spec);
  const SurfaceGrid g = samplePlane(*fake.plane, spec, {}, {});
  const QuadraticAnswer answer = quadraticModel(g);
  ASSERT_TRUE(answer.model && answer.model->overPlane()) << answer.why;
  EXPECT_TRUE(answer.why.empty());
  const QuadraticModel& m = *answer.model;
  EXPECT_NEAR(*m.lambdaX, 23, 1e-6);
  EXPECT_NEAR(*m.lambdaY, 1, 1e-6);
  EXPECT_EQ(m.centre, g.centre);
  const auto loss = [&](int row, int column) { return g.train.loss[static_cast<std::size_t>(5 * row + column)]; };
  const double h = g.x[1] - g.x[0];
  const auto alongX = [&](const auto& f) { return f(-h, 0) - 2 * f(0, 0) + f(h, 0); };
  const auto alongY = [&](const auto& f) { return f(0, -h) - 2 * f(0, 0) + f(0, h); };
  const auto model = [&](double x, double y) { return m.value(x, y); };
  // Residuals of 1e-6 relative, squared, and rounding of sums of 100.
  EXPECT_NEAR(alongX(model), loss(2, 1) - 2 * loss(2, 2) + loss(2, 3), 1e-8);
  EXPECT_NEAR(alongY(model), loss(1, 2) - 2 * loss(2, 2) + loss(3, 2), 1e-8);
}

TEST(QuadraticModel, holdsAlongItsOnlyEigenvector) {
  const SurfaceSpec spec = eigenPlane("random", "eigen:1");
  FakePlane fake(spec);
  const QuadraticAnswer answer = quadraticModel(samplePlane(*fake.plane, spec, {}, {}));
  ASSERT_TRUE(answer.model.has_value());
  EXPECT_FALSE(answer.model->overPlane());
  EXPECT_TRUE(std::isfinite(answer.model->value(0, 0.5)));
  EXPECT_TRUE(std::isnan(answer.model->value(0.5, 0.5)));
  EXPECT_NE(answer.why.find("x is no eigenvector"), std::string::npos) << answer.why;
}

TEST(QuadraticModel, saysWhyThereIsNone) {
  for (const auto& [x, y, orthogonalise] : {std::tuple{"random", "gradient", false}, {"gradient", "eigen:1", true}}) {
    SurfaceSpec spec = eigenPlane(x, y);
    spec.orthogonalise = orthogonalise;
    FakePlane fake(spec);
    const QuadraticAnswer answer = quadraticModel(samplePlane(*fake.plane, spec, {}, {}));
    EXPECT_FALSE(answer.model.has_value());
    EXPECT_NE(answer.why.find(orthogonalise ? "made orthogonal" : "no axis"), std::string::npos) << answer.why;
  }
}

TEST(QuadraticModel, blocksOfLayersHaveACouplingThatIsNotKnown) {
  const SurfaceSpec spec = eigenPlane("layer:fc1:eigen:1", "layer:fc2:eigen:1");
  FakePlane fake(spec);
  const QuadraticAnswer answer = quadraticModel(samplePlane(*fake.plane, spec, {}, {}));
  ASSERT_TRUE(answer.model.has_value());
  EXPECT_FALSE(answer.model->overPlane());
  EXPECT_NE(answer.why.find("couples"), std::string::npos) << answer.why;
}

}  // namespace
}  // namespace analysis
