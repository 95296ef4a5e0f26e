// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/model.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "tests/trainer/temporary_folder.h"

namespace trainer {
namespace {

const InputShape kDigits{.channels = 1, .height = 8, .width = 8, .classes = 10};
const InputShape kMnist{.channels = 1, .height = 28, .width = 28, .classes = 10};

std::vector<std::pair<std::string, std::vector<std::int64_t>>> namesAndShapes(const Model& model) {
  std::vector<std::pair<std::string, std::vector<std::int64_t>>> result;
  for (const ParameterSlice& slice : model.layout().slices()) result.emplace_back(slice.name, slice.shape);
  return result;
}

TEST(Model, namesAndShapesAreThoseOfPyTorch) {
  using Expected = std::vector<std::pair<std::string, std::vector<std::int64_t>>>;
  EXPECT_EQ(namesAndShapes(*buildModel("cnn", "relu", kDigits)), (Expected{{"conv1.weight", {16, 1, 3, 3}},
                                                                           {"conv1.bias", {16}},
                                                                           {"conv2.weight", {32, 16, 3, 3}},
                                                                           {"conv2.bias", {32}},
                                                                           {"fc.weight", {10, 512}},
                                                                           {"fc.bias", {10}}}));
  EXPECT_EQ(namesAndShapes(*buildModel("mlp:64-32-10", "relu", kDigits)),
            (Expected{{"fc1.weight", {32, 64}}, {"fc1.bias", {32}}, {"fc2.weight", {10, 32}}, {"fc2.bias", {10}}}));
  EXPECT_EQ(buildModel("lenet", "relu", kMnist)->layout().size(), 61706);  // the well-known count
}

TEST(Model, slicesLieWithoutGaps) {
  const auto model = buildModel("lenet", "relu", kMnist);
  std::int64_t offset = 0;
  for (const ParameterSlice& slice : model->layout().slices()) {
    EXPECT_EQ(slice.offset, offset);
    offset += slice.count();
  }
  EXPECT_EQ(offset, model->layout().size());
}

TEST(Model, logitsHaveOneRowAnImageInTheDtypeOfTheta) {
  for (const auto& [name, shape] : {std::pair{"cnn", kDigits}, std::pair{"mlp:64-10", kDigits}, std::pair{"lenet", kMnist}}) {
    const auto model = buildModel(name, "relu", shape);
    const at::Tensor x = at::ones({3, 1, shape.height, shape.width}, at::kDouble);
    const at::Tensor y = model->forward(initialise(model->layout(), 1, at::kDouble), x);
    EXPECT_EQ(y.sizes(), (at::IntArrayRef{3, 10})) << name;
    EXPECT_EQ(y.scalar_type(), at::kDouble) << name;
  }
  EXPECT_THROW(buildModel("cnn", "relu", kDigits)->forward(at::zeros({5}), at::zeros({1, 1, 8, 8})), std::invalid_argument);
}

TEST(Model, namesThatDoNotFitAreRefusedWithFoundAndExpected) {
  const auto messageFor = [](const char* name, const InputShape& shape) {
    return messageOf<std::invalid_argument>([&] { buildModel(name, "relu", shape); });
  };
  EXPECT_NE(messageFor("lenet", kDigits).find("use cnn"), std::string::npos);
  EXPECT_NE(messageFor("mlp:63-10", kDigits).find("is 63, but the data has 64"), std::string::npos);
  EXPECT_NE(messageFor("mlp:64-9", kDigits).find("is 9, but the data has 10"), std::string::npos);
  for (const char* bad : {"resnet21", "resnet", "vgg16", "vgg12", "wrn-17-4", "wrn-16", "vit:2-10-3-2", "vit:2-8-2-3", "gpt", "gpt:2-8", "mlp:", "mlp:64", "mlp:64-", "mlp:64--10", "mlp:64-0-10", "mlp:64-x-10", "mlp:64-10-", "mlp:64-99999999999999999999-10", ""})
    EXPECT_NE(messageFor(bad, kDigits), "nothing was thrown") << bad;
  EXPECT_THROW(buildModel("cnn", "sine", kDigits), std::invalid_argument);
}

TEST(Model, theInitialisationIsUniformWithinTheFanInsBound) {
  const auto model = buildModel("cnn", "relu", kDigits);
  const at::Tensor theta = initialise(model->layout(), 4, at::kDouble);
  for (const ParameterSlice& slice : model->layout().slices()) {
    const double fanIn = slice.name.starts_with("conv1") ? 9 : slice.name.starts_with("conv2") ? 144 : 512;
    const at::Tensor scaled = theta.narrow(0, slice.offset, slice.count()) * std::sqrt(fanIn);
    EXPECT_LE(scaled.abs().max().item<double>(), 1) << slice.name;
    // Mean square of a uniform number on [-1, 1] is 1/3, the deviation of its square 2/sqrt(45); five standard errors.
    EXPECT_NEAR(scaled.square().mean().item<double>(), 1.0 / 3, 5 * 0.2982 / std::sqrt(static_cast<double>(slice.count()))) << slice.name;
  }
  EXPECT_TRUE(at::equal(theta, initialise(model->layout(), 4, at::kDouble)));
  EXPECT_FALSE(at::equal(theta, initialise(model->layout(), 5, at::kDouble)));
  EXPECT_TRUE(at::equal(theta.to(at::kFloat), initialise(model->layout(), 4, at::kFloat)));
}

/// H v by double backward against the central difference of gradients, where the network is smooth.
TEST(Model, isTwiceDifferentiable) {
  for (const char* name : {"cnn", "mlp:64-12-10"}) {
    for (const char* activation : {"tanh", "gelu", "softplus"}) {
      const auto model = buildModel(name, activation, kDigits);
      const at::Tensor theta = initialise(model->layout(), 2, at::kDouble);
      // No two windows of a pool alike: a tie that breaks differently on either side has no derivative.
      const at::Tensor x = (at::arange(5 * 64, at::kDouble) * 1.7).sin().view({5, 1, 8, 8});
      const at::Tensor labels = at::arange(5, at::kLong);
      const at::Tensor v = initialise(model->layout(), 3, at::kDouble);
      const auto gradientAt = [&](const at::Tensor& point, bool keep) {
        const at::Tensor loss = crossEntropy(model->forward(point, x), labels);
        return torch::autograd::grad({loss}, {point}, {}, std::nullopt, keep)[0];
      };
      const at::Tensor leaf = theta.clone().requires_grad_();
      const at::Tensor product = torch::autograd::grad({gradientAt(leaf, true).dot(v)}, {leaf})[0];
      const double h = 1e-5;
      const at::Tensor difference = (gradientAt((theta + h * v).requires_grad_(), false) - gradientAt((theta - h * v).requires_grad_(), false)) / (2 * h);
      // Truncation ~ h^2 = 1e-10, rounding ~ 1e-16 / h = 1e-11, both relative to numbers of order one.
      EXPECT_LT((product - difference).norm().item<double>(), 1e-7 * product.norm().item<double>()) << name << " " << activation;
    }
  }
}

}  // namespace
}  // namespace trainer
