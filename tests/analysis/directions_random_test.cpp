// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "analysis/surface/directions.h"
#include "tests/analysis/surface_fake.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/base/random.h"
#include "trainer/model/model.h"
#include "trainer/model/safetensors.h"

namespace analysis {
namespace {

using testing::smallLayout;
using testing::Watch;

// Sums of up to some hundred doubles: a relative error of a few hundred units of 1.1e-16.
constexpr double kRounding = 1e-13;

at::Tensor weights(const trainer::ParameterLayout& layout) { return trainer::initialise(layout, 3, at::kDouble); }

at::Tensor part(const at::Tensor& v, const trainer::ParameterSlice& s) { return v.narrow(0, s.offset, s.count()).reshape(s.shape); }

double relative(const at::Tensor& a, const at::Tensor& b) { return ((a - b).norm() / b.norm()).item<double>(); }

TEST(RandomDirection, EveryFilterHasTheNormOfTheWeightsFilter) {
  const auto model = trainer::buildModel("cnn", "relu", {.channels = 1, .height = 8, .width = 8, .classes = 10});
  const at::Tensor theta = weights(model->layout());
  const at::Tensor d = randomDirection(model->layout(), theta, {.seed = 5});
  for (const auto& slice : model->layout().slices()) {
    if (slice.shape.size() < 2) {
      EXPECT_EQ(part(d, slice).abs().max().item<double>(), 0) << slice.name;
      continue;
    }
    const auto rows = [&](const at::Tensor& v) { return part(v, slice).flatten(1).norm(2, {1}); };
    EXPECT_LT(relative(rows(d), rows(theta)), kRounding) << slice.name;
  }
}

TEST(RandomDirection, IsTheGaussianBeforeNormalisation) {
  const trainer::ParameterLayout layout = smallLayout();
  const at::Tensor theta = weights(layout);
  const at::Tensor d = randomDirection(layout, theta, {.seed = 9, .axis = "y", .normalise = "none", .oneD = "elementwise"});
  for (const auto& slice : layout.slices()) {
    trainer::RandomStream stream(trainer::deriveSeed(trainer::deriveSeed(9, "y"), slice.name));
    for (std::int64_t i = 0; i < slice.count(); ++i) {
      const double w = theta[slice.offset + i].item<double>(), scale = slice.shape.size() < 2 ? std::abs(w) : 1;
      EXPECT_EQ(d[slice.offset + i].item<double>(), stream.normal() * scale) << slice.name;
    }
  }
}

TEST(RandomDirection, LayerAndNormTakeTheWholeTensorsNorm) {
  const trainer::ParameterLayout layout = smallLayout();
  const at::Tensor theta = weights(layout), d = randomDirection(layout, theta, {.normalise = "layer", .oneD = "norm"});
  for (const auto& slice : layout.slices()) EXPECT_LT(relative(part(d, slice).norm(), part(theta, slice).norm()), kRounding) << slice.name;
}

TEST(RandomDirection, AZeroFilterGivesZero) {
  const trainer::ParameterLayout layout = smallLayout();
  at::Tensor theta = weights(layout);
  part(theta, layout.slices()[0])[1].zero_();
  const at::Tensor d = randomDirection(layout, theta, {});
  EXPECT_EQ(part(d, layout.slices()[0])[1].abs().max().item<double>(), 0);
  EXPECT_GT(part(d, layout.slices()[0])[0].norm().item<double>(), 0);
}

TEST(RandomDirection, DependsOnSeedAxisAndNameAlone) {
  const trainer::ParameterLayout layout = smallLayout();
  trainer::ParameterLayout reversed;
  for (auto s = layout.slices().rbegin(); s != layout.slices().rend(); ++s) reversed.append(s->name, s->shape, s->kind);
  const at::Tensor theta = weights(layout), ones = at::ones_like(theta);
  const RandomDirectionOptions options{.seed = 4, .axis = "x", .normalise = "none", .oneD = "elementwise"};
  const at::Tensor d = randomDirection(layout, ones, options), r = randomDirection(reversed, ones, options);
  for (const auto& slice : layout.slices()) {
    const auto other = std::ranges::find(reversed.slices(), slice.name, &trainer::ParameterSlice::name);
    EXPECT_TRUE(at::equal(part(d, slice), part(r, *other))) << slice.name;
  }
  EXPECT_FALSE(at::equal(d, randomDirection(layout, ones, {.seed = 5, .axis = "x", .normalise = "none", .oneD = "elementwise"})));
  EXPECT_FALSE(at::equal(d, randomDirection(layout, ones, {.seed = 4, .axis = "y", .normalise = "none", .oneD = "elementwise"})));
}

TEST(RandomDirection, IsTheSameForAnyNumberOfThreads) {
  const auto model = trainer::buildModel("lenet", "relu", {.channels = 1, .height = 28, .width = 28, .classes = 10});
  const at::Tensor theta = weights(model->layout());
  const int before = at::get_num_threads();
  at::set_num_threads(1);
  const at::Tensor one = randomDirection(model->layout(), theta, {});
  at::set_num_threads(2);
  const at::Tensor two = randomDirection(model->layout(), theta, {});
  at::set_num_threads(before);
  EXPECT_TRUE(at::equal(one, two));
}

class MadeDirections : public ::testing::Test {
 protected:
  LoadedRun run = testing::quadraticRun(std::make_shared<Watch>(), std::make_shared<Watch>(), at::kDouble);
  Objective& objective = *run.train;
  SurfaceSpec spec = testing::planeSpec(5, 5);
  Directions made() { return makeDirections(run, spec, {}); }
};

TEST_F(MadeDirections, ReportNormsAndCosineAndSayWhatTheyAre) {
  const Directions d = made();
  ASSERT_EQ(d.axes.size(), 2u);
  for (const AxisReport& axis : d.axes) EXPECT_EQ(axis.description, "random, filter-normalised, 1-D zero, seed 0");
  EXPECT_NEAR(d.axes[0].norm, d.d1.norm().item<double>(), kRounding);
  EXPECT_NEAR(d.axes[1].norm, d.d2.norm().item<double>(), kRounding);
  EXPECT_NEAR(d.cosine, (d.d1.dot(d.d2) / (d.d1.norm() * d.d2.norm())).item<double>(), kRounding);
  EXPECT_GT(std::abs(d.cosine), 1e-3);  // not orthogonalised unless asked for
}

TEST_F(MadeDirections, OrthogonalisedOnRequestAndSaidSo) {
  const Directions plain = made();
  spec.orthogonalise = true;
  const Directions d = made();
  EXPECT_NEAR(d.cosine, 0, 1e-15);
  EXPECT_TRUE(at::equal(d.d1, plain.d1));
  const at::Tensor expected = plain.d2 - plain.d1 * (plain.d1.dot(plain.d2) / plain.d1.dot(plain.d1));
  EXPECT_LT(relative(d.d2, expected), kRounding);
  EXPECT_NE(d.axes[1].description.find("made orthogonal to x"), std::string::npos);
}

TEST_F(MadeDirections, EigenvectorsHaveUnitLengthAndAreNeverNormalisedByFilter) {
  spec.x.kind = "eigen:1";
  spec.y->kind = "eigen:2";
  const Directions d = made();
  const std::int64_t p = objective.layout().size();
  // Hessian diag(1..P): the eigenvectors are the last two unit vectors. A residual of 1e-8 P over a gap of 1 is the error of the vector.
  const double tolerance = 1e-8 * static_cast<double>(p) * 2;
  EXPECT_LT((d.d1 - at::eye(p, at::kDouble)[p - 1]).norm().item<double>(), tolerance);
  EXPECT_LT((d.d2 - at::eye(p, at::kDouble)[p - 2]).norm().item<double>(), tolerance);
  EXPECT_NEAR(d.axes[0].norm, 1, 1e-12);
  EXPECT_EQ(d.axes[0].description, "eigenvector 1, lambda 23, unit");
  EXPECT_EQ(d.axes[1].description, "eigenvector 2, lambda 22, unit");
}

TEST_F(MadeDirections, ALineHasOneDirection) {
  spec.y.reset();
  const Directions d = made();
  EXPECT_FALSE(d.d2.defined());
  EXPECT_EQ(d.axes.size(), 1u);
  EXPECT_EQ(d.cosine, 0);
}

class DirectionsFile : public MadeDirections {
 protected:
  TemporaryFolder folder;
  const std::filesystem::path file = folder / "directions.safetensors";
  std::string refusal() {
    return messageOf<trainer::DataError>([&] { loadDirection(file, objective.layout(), "y"); });
  }
};

TEST_F(DirectionsFile, RoundTripHasTheSameBits) {
  const Directions d = made();
  saveDirections(file, objective.layout(), d);
  EXPECT_TRUE(at::equal(loadDirection(file, objective.layout(), "x"), d.d1));
  EXPECT_TRUE(at::equal(loadDirection(file, objective.layout(), "y"), d.d2));
  spec.directions = file.string();
  spec.x.kind = "eigen:1";  // not looked at
  const Directions read = made();
  EXPECT_TRUE(at::equal(read.d1, d.d1));
  EXPECT_TRUE(at::equal(read.d2, d.d2));
  EXPECT_EQ(read.axes[0].description, "file directions.safetensors");
}

TEST_F(DirectionsFile, HoldsEveryTensorZerosIncluded) {
  saveDirections(file, objective.layout(), made());
  const trainer::NamedTensors content = trainer::readSafetensors(file);
  std::vector<std::string> names;
  for (const auto& [name, tensor] : content.tensors) names.push_back(name);
  std::ranges::sort(names);
  EXPECT_EQ(names, (std::vector<std::string>{"x/fc1.bias", "x/fc1.weight", "x/fc2.bias", "x/fc2.weight", "y/fc1.bias", "y/fc1.weight", "y/fc2.bias",
                                             "y/fc2.weight"}));
}

TEST_F(DirectionsFile, OfAnotherModelIsRefusedWithAList) {
  trainer::NamedTensors content;
  content.tensors = {{"y/fc1.weight", at::ones({3, 5}, at::kDouble)}, {"y/fc1.bias", at::full({3}, NAN, at::kDouble)},
                     {"y/fc2.weight", at::ones({2, 3}, at::kDouble)}, {"y/fc3.bias", at::ones({2}, at::kDouble)}};
  trainer::writeSafetensors(file, content);
  const std::string message = refusal();
  for (const char* part : {"directions.safetensors", "y/fc1.weight is [3, 5], expected [3, 4]", "y/fc1.bias is not finite", "y/fc2.bias is missing",
                           "1 more tensors of y/ than the model has"})
    EXPECT_NE(message.find(part), std::string::npos) << part << " in: " << message;
}

TEST_F(DirectionsFile, OrthogonalisingParallelDirectionsIsRefused) {
  Directions d = made();
  d.d2 = d.d1 * -2;
  saveDirections(file, objective.layout(), d);
  spec.directions = file.string();
  spec.orthogonalise = true;
  EXPECT_NE(messageOf<std::invalid_argument>([&] { made(); }).find("parallel"), std::string::npos);
}

}  // namespace
}  // namespace analysis
