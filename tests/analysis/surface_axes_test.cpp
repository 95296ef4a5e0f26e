// SPDX-License-Identifier: GPL-3.0-or-later
// Every kind of axis on a quadratic, where each is known in closed form.
#include <gtest/gtest.h>

#include "analysis/surface/axis_kind.h"
#include "analysis/surface/directions.h"
#include "analysis/surface/project.h"
#include "tests/analysis/small_problem.h"
#include "tests/analysis/surface_fake.h"
#include "tests/trainer/temporary_folder.h"

namespace analysis {
namespace {

using testing::gaussian;
using testing::quadraticRun;
using testing::relativeDifference;
using testing::Watch;

// Sums of 23 doubles of size about 1.
constexpr double kRounding = 1e-13;

TEST(AxisKind, everyKindIsRead) {
  using Word = AxisKind::Word;
  const std::vector<std::pair<std::string, AxisKind>> cases = {
      {"random", {}},
      {"eigen:3", {.word = Word::eigen, .index = 3}},
      {"eigen:-2", {.word = Word::eigen, .index = -2}},
      {"gradient", {.word = Word::gradient}},
      {"sam", {.word = Word::sam}},
      {"sam:0.25", {.word = Word::sam, .rho = 0.25}},
      {"pca:2", {.word = Word::pca, .index = 2}},
      {"pca-centred:1", {.word = Word::pca, .index = 1, .centred = true}},
      {"toward:runs/a", {.word = Word::toward, .path = "runs/a"}},
      {"toward:runs/a@120", {.word = Word::toward, .path = "runs/a", .step = "120"}},
      {"toward:runs/a@b@best", {.word = Word::toward, .path = "runs/a@b", .step = "best"}},
      {"toward:runs/a@home", {.word = Word::toward, .path = "runs/a@home"}},
      {"file:d:1.safetensors", {.word = Word::file, .path = "d:1.safetensors"}},
      {"layer:conv1", {.layer = "conv1"}},
      {"layer:layer1.0:toward:b@3", {.word = Word::toward, .path = "b", .step = "3", .layer = "layer1.0"}},
  };
  for (const auto& [text, kind] : cases) EXPECT_EQ(parseAxisKind(text, "--x"), kind) << text;
  for (const char* text : {"", "eigen", "eigen:0", "eigen:1x", "eigen:", "pca:0", "pca", "sam:0", "sam:-1", "sam:inf", "sam:", "toward:", "file:", "layer:", "layer::random",
                           "layer:a:b", "gradient:1", "random:2", "sideways"})
    EXPECT_NE(messageOf<std::invalid_argument>([&] { parseAxisKind(text, "--y"); }).find("--y"), std::string::npos) << text;
}

class Axes : public ::testing::Test {
 protected:
  LoadedRun run = quadraticRun(std::make_shared<Watch>(), std::make_shared<Watch>(), at::kDouble);
  Objective& objective = *run.train;
  SurfaceSpec spec = testing::planeSpec(5, 5);
  Directions made(const std::string& x, const std::string& y) {
    spec.x.kind = x, spec.y->kind = y;
    return makeDirections(run, spec, {});
  }
};

TEST_F(Axes, gradientIsUnitAndTheSamStepIsRhoLong) {
  run.spec.rho = 0.5;
  const at::Tensor g = objective.gradient(objective.theta0());
  const Directions d = made("gradient", "sam");
  EXPECT_LT(relativeDifference(d.d1, g / g.norm()), kRounding);
  EXPECT_LT(relativeDifference(d.d2, 0.5 * g / g.norm()), kRounding);
  EXPECT_NEAR(d.axes[1].norm, 0.5, kRounding);
  EXPECT_NEAR(d.cosine, 1, kRounding);
  EXPECT_EQ(d.axes[0].gradients, 1);
  EXPECT_EQ(d.axes[1].gradients, 0) << "it is computed once for both";
  EXPECT_NEAR(made("sam:0.125", "random").axes[0].norm, 0.125, kRounding);
  run.spec.rho.reset();
  EXPECT_NEAR(made("sam", "random").axes[0].norm, 0.05, kRounding);
}

// Hessian diag(1..23); a residual of 1e-8 * 23 over a gap of 1 is the error of a vector.
TEST_F(Axes, eigenvectorsOfEitherEnd) {
  const Directions d = made("eigen:-1", "eigen:-3");
  const at::Tensor unit = at::eye(objective.layout().size(), at::kDouble);
  EXPECT_LT((d.d1 - unit[0]).norm().item<double>(), 1e-6);
  EXPECT_LT((d.d2 - unit[2]).norm().item<double>(), 1e-6);
  EXPECT_EQ(d.axes[0].description, "eigenvector -1, lambda 1, unit");
  EXPECT_NEAR(d.axes[1].eigenvalue, 3, 1e-7);
  EXPECT_LE(d.axes[1].residual, 1e-8 * 23);
  EXPECT_GT(d.axes[1].products, 3);
}

TEST_F(Axes, eachRandomAxisHasItsOwnNormalisation) {
  const Directions plain = made("random", "random");
  spec.y->normalise = "none";
  const Directions d = made("random", "random");
  EXPECT_TRUE(at::equal(d.d1, plain.d1));
  EXPECT_EQ(d.axes[1].description, "random, not normalised, 1-D zero, seed 0");
  EXPECT_TRUE(at::equal(d.d2, randomDirection(objective.layout(), objective.theta0(), {.axis = "y", .normalise = "none"})));
}

TEST_F(Axes, aLayersAxisIsTheSameInsideAndZeroOutside) {
  const Directions all = made("random", "gradient"), d = made("layer:fc2", "layer:fc1.weight:gradient");
  EXPECT_TRUE(at::equal(d.d1.narrow(0, 15, 8), all.d1.narrow(0, 15, 8)));
  EXPECT_EQ(d.d1.narrow(0, 0, 15).abs().max().item<double>(), 0);
  EXPECT_TRUE(at::equal(d.d2.narrow(0, 0, 12), all.d2.narrow(0, 0, 12)));
  EXPECT_EQ(d.d2.narrow(0, 12, 11).abs().max().item<double>(), 0);
  EXPECT_NE(messageOf<std::invalid_argument>([&] { made("layer:conv", "random"); }).find("fc1, fc2"), std::string::npos);
  // The block of fc1 is diag(1..15): its first eigenvector is the whole matrix's fifteenth unit vector.
  const Directions block = made("layer:fc1:eigen:1", "random");
  EXPECT_LT((block.d1 - at::eye(23, at::kDouble)[14]).norm().item<double>(), 1e-6);
  EXPECT_EQ(block.axes[0].description, "eigenvector 1, lambda 15, unit, inside fc1 alone");
}

TEST_F(Axes, ofAFileBesideAnother) {
  const TemporaryFolder folder;
  const Directions random = made("random", "random");
  const std::string file = (folder / "d.safetensors").string();
  saveDirections(file, objective.layout(), random);
  const Directions d = made("gradient", "file:" + file);
  EXPECT_TRUE(at::equal(d.d2, random.d2));
  EXPECT_EQ(d.axes[1].description, "file d.safetensors");
}

TEST_F(Axes, orthonormalOnRequest) {
  spec.orthonormal = true;
  const Directions d = made("random", "gradient");
  EXPECT_NEAR(d.axes[0].norm, 1, kRounding);
  EXPECT_NEAR(d.axes[1].norm, 1, kRounding);
  EXPECT_NEAR(d.cosine, 0, kRounding);
}

TEST_F(Axes, aPreviewMakesNoProductsAndSaysWhatItDoesNotKnow) {
  spec.x.kind = "gradient", spec.y->kind = "eigen:2";
  const Directions d = previewDirections(run, spec, {});
  EXPECT_TRUE(d.d1.defined());
  EXPECT_FALSE(d.d2.defined());
  EXPECT_EQ(d.axes[1].norm, 1);
  EXPECT_GT(d.axes[1].products, 0);
  EXPECT_TRUE(std::isnan(d.cosine));
  spec.y->kind = "sam";
  EXPECT_NEAR(previewDirections(run, spec, {}).cosine, 1, kRounding);
}

// x and y of a point of the plane plus something orthogonal to both come back, with its length as the distance (Pythagoras), for axes at a sharp angle as well.
TEST(Projector, coordinatesAndDistanceByPythagoras) {
  constexpr std::int64_t size = 200;
  const at::Tensor theta0 = gaussian(size, 1), d1 = gaussian(size, 2), d2 = 3 * d1 + 0.1 * gaussian(size, 3);
  at::Tensor out = gaussian(size, 4);
  const at::Tensor q = std::get<0>(at::linalg_qr(at::stack({d1, d2}, 1)));
  out = out - q.mv(q.t().mv(out));
  out = out / out.norm();
  const Projector project(theta0, d1, d2);
  const Projection p = project(theta0 + 0.7 * d1 - 1.3 * d2 + 2.5 * out);
  // The axes' sine is about 0.03: coordinates lose a factor of 1e3 of 1e-15 each pass, and the second pass has only that to add.
  EXPECT_NEAR(p.x, 0.7, 1e-11);
  EXPECT_NEAR(p.y, -1.3, 1e-11);
  EXPECT_NEAR(p.distance, 2.5, 1e-12);
  const at::Tensor theta = theta0 + gaussian(size, 5);
  const Projection other = project(theta);
  const double inPlane = (other.x * d1 + other.y * d2).norm().item<double>();
  EXPECT_NEAR(inPlane * inPlane + other.distance * other.distance, (theta - theta0).square().sum().item<double>(), 1e-10);
}

TEST(Projector, alongOneAxisAndAlongNone) {
  const at::Tensor theta0 = gaussian(10, 1), d1 = gaussian(10, 2);
  const Projection line = Projector(theta0, d1, {})(theta0 + 2 * d1);
  EXPECT_NEAR(line.x, 2, 1e-14);
  EXPECT_EQ(line.y, 0);
  const Projection parallel = Projector(theta0, d1, -2 * d1)(theta0 + 2 * d1);
  EXPECT_NEAR(parallel.x, 2, 1e-14);
  EXPECT_EQ(parallel.y, 0) << "along an axis parallel to the first";
  EXPECT_EQ(Projector(theta0, at::zeros({10}, at::kDouble), {})(theta0 + d1).x, 0);
}

}  // namespace
}  // namespace analysis
