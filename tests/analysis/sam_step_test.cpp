// SPDX-License-Identifier: GPL-3.0-or-later
// The SAM step over a plane against the plain formulas.
#include <gtest/gtest.h>

#include <cmath>

#include "analysis/surface/project_sam_step.h"
#include "tests/analysis/surface_fake.h"
#include "tests/trainer/temporary_folder.h"

namespace analysis {
namespace {

using testing::FakePlane;
using testing::planeSpec;

double dotOf64(const at::Tensor& a, const at::Tensor& b) { return a.dot(b).item<double>(); }

/// Least squares by the normal equations, written out: [d1.d1 d1.d2; d1.d2 d2.d2] (x, y) = (v.d1, v.d2).
std::array<double, 3> plainProjection(const at::Tensor& v, const at::Tensor& d1, const at::Tensor& d2) {
  const double a = dotOf64(d1, d1), b = dotOf64(d1, d2), c = dotOf64(d2, d2), p = dotOf64(v, d1), q = dotOf64(v, d2), det = a * c - b * b;
  const double x = (c * p - b * q) / det, y = (a * q - b * p) / det;
  return {x, y, ((x * d1 + y * d2).norm() / v.norm()).item<double>()};
}

// Sums of 23 terms in double: 1e-12 is a thousand roundings of the largest.
TEST(SamStep, isItsPlainFormula) {
  const SurfaceSpec spec = planeSpec(5, 5);
  FakePlane fake(spec);
  const at::Tensor t = fake.train->theta0(), d1 = fake.plane->directions().d1, d2 = fake.plane->directions().d2, a = fake.train->scales();
  const SamStep s = projectSamStep(*fake.plane, 0.3);
  const at::Tensor g1 = a * t, e = 0.3 * g1 / g1.norm(), g2 = a * (t + e);
  EXPECT_EQ(s.rho, 0.3);
  EXPECT_NEAR(s.loss, fake.train->quadratic(t), 1e-12 * s.loss);
  EXPECT_NEAR(s.perturbedLoss, fake.train->quadratic(t + e), 1e-12 * s.loss);
  EXPECT_NEAR(s.predicted, s.loss + 0.3 * g1.norm().item<double>(), 1e-12 * s.predicted);
  EXPECT_GT(s.perturbedLoss, s.predicted) << "a convex loss lies above its tangent";
  EXPECT_NEAR(s.cosine, dotOf64(g1, g2) / (g1.norm() * g2.norm()).item<double>(), 1e-12);
  const auto [x, y, share] = plainProjection(e, d1, d2);
  ASSERT_EQ(s.vectors.size(), 3u);
  EXPECT_NEAR(s.vectors[0].x, x, 1e-12);
  EXPECT_NEAR(s.vectors[0].y, y, 1e-12);
  EXPECT_NEAR(s.vectors[0].inPlane, share, 1e-9) << "the root of one minus a square near one";
  EXPECT_NEAR(s.planeLoss, fake.train->quadratic(t + x * d1 + y * d2), 1e-12 * s.loss);
  EXPECT_NEAR(s.outOfPlane, (e - x * d1 - y * d2).norm().item<double>(), 1e-12);
  const auto [x2, y2, share2] = plainProjection(-0.3 * g2 / g2.norm(), d1, d2);
  EXPECT_EQ(s.vectors[2].name, "perturbed gradient");
  EXPECT_NEAR(s.vectors[2].x, x2, 1e-12);
  EXPECT_NEAR(s.vectors[2].y, y2, 1e-12);
  EXPECT_NEAR(s.vectors[2].norm, g2.norm().item<double>(), 1e-10);
  EXPECT_NEAR(s.vectors[2].inPlane, share2, 1e-9);
}

TEST(SamStep, liesWhollyInAPlaneAlongTheGradient) {
  SurfaceSpec spec = planeSpec(5, 5);
  spec.x.kind = "sam:0.3";
  FakePlane fake(spec);
  const SamStep s = projectSamStep(*fake.plane, 0.3);
  EXPECT_NEAR(s.vectors[0].x, 1, 1e-12);
  EXPECT_NEAR(s.vectors[0].y, 0, 1e-12);
  EXPECT_NEAR(s.vectors[0].inPlane, 1, 1e-12);
  EXPECT_LT(s.outOfPlane, 1e-12);
  EXPECT_NEAR(s.planeLoss, s.perturbedLoss, 1e-12 * s.loss);
}

TEST(SamStep, ThePenaltyMixesTheTwoGradients) {
  LoadedRun run = testing::quadraticRun(std::make_shared<testing::Watch>(), std::make_shared<testing::Watch>(), at::kDouble);
  run.spec.sharpness = "penalty", run.spec.rho = 0.2, run.spec.alpha = 0.75;
  const auto* train = static_cast<const testing::Quadratic*>(run.train.get());
  const SurfaceSpec spec = planeSpec(5, 5);
  Plane plane(std::move(run), spec, {});
  const SamStep s = projectSamStep(plane, std::nullopt);
  EXPECT_EQ(s.rho, 0.2);
  EXPECT_EQ(s.alpha, 0.75);
  const at::Tensor g1 = train->scales() * train->theta0(), g2 = train->scales() * (train->theta0() + 0.2 * g1 / g1.norm()), mix = 0.25 * g1 + 0.75 * g2;
  ASSERT_EQ(s.vectors.size(), 4u);
  EXPECT_EQ(s.vectors[3].name, "step");
  EXPECT_NEAR(s.vectors[3].norm, mix.norm().item<double>(), 1e-10);
  const auto [x, y, share] = plainProjection(-0.2 * mix / mix.norm(), plane.directions().d1, plane.directions().d2);
  EXPECT_NEAR(s.vectors[3].x, x, 1e-12);
  EXPECT_NEAR(s.vectors[3].y, y, 1e-12);
}

TEST(SamStep, aFlatPlaceHasNone) {
  LoadedRun run = testing::quadraticRun(std::make_shared<testing::Watch>(), std::make_shared<testing::Watch>(), at::kDouble);
  const_cast<at::Tensor&>(run.train->theta0()).zero_();
  SurfaceSpec spec = planeSpec(3, 3);
  spec.normalise = "none";
  Plane plane(std::move(run), spec, {});
  EXPECT_NE(messageOf<trainer::NumericalError>([&] { projectSamStep(plane, 0.1); }).find("no step"), std::string::npos);
}

}  // namespace
}  // namespace analysis
