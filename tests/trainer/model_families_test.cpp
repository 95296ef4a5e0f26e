// SPDX-License-Identifier: GPL-3.0-or-later
// resnet, vgg, wrn, vit and gpt; compare_models_with_pytorch.py compares their numbers with PyTorch's.
#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <set>
#include <span>

#include "tests/trainer/temporary_folder.h"
#include "trainer/base/random.h"
#include "trainer/model/model.h"
#include "trainer/model/model_names.h"

namespace trainer {
namespace {

const InputShape kCifar{.channels = 3, .height = 32, .width = 32, .classes = 10};
const InputShape kDigits{.channels = 1, .height = 8, .width = 8, .classes = 10};
const InputShape kText{.channels = 1, .height = 1, .width = 6, .classes = 11, .tokens = true};

std::shared_ptr<const Model> small(const std::string& name, double dropout = 0) {
  return buildModel(name, "softplus", name.starts_with("gpt") ? kText : kDigits, dropout);
}

at::Tensor normals(std::int64_t count, std::uint64_t seed) {
  at::Tensor values = at::empty({count}, at::kDouble);
  fillNormal(std::span(values.data_ptr<double>(), static_cast<std::size_t>(count)), seed);
  return values;
}

at::Tensor inputsFor(const std::string& name, std::int64_t items) {
  if (name.starts_with("gpt")) return (at::arange(items * 6, at::kLong) * 7 + 3).remainder(11).view({items, 1, 1, 6});
  return normals(items * 64, 1).view({items, 1, 8, 8});
}

at::Tensor labelsFor(const std::string& name, std::int64_t items) {
  const at::Tensor labels = at::arange(name.starts_with("gpt") ? items * 6 : items, at::kLong).remainder(10);
  return name.starts_with("gpt") ? labels.view({items, 6}) : labels;
}

TEST(ModelFamilies, parameterCountsAreThePublishedOnes) {
  const std::vector<std::pair<const char*, std::int64_t>> counts = {
      {"resnet20", 269'722},    {"resnet56", 853'018},       {"resnet110", 1'727'962}, {"resnet56-noshort", 853'018}, {"resnet18", 11'173'962}, {"resnet34", 21'282'122}, {"vgg16_bn", 14'728'266},
      {"vgg16", 14'719'818},    {"wrn-16-4", 2'748'890},     {"wrn-28-10", 36'479'194}};
  for (const auto& [name, count] : counts) EXPECT_EQ(buildModel(name, "relu", kCifar)->layout().size(), count) << name;
}

TEST(ModelFamilies, aResnetWithoutNormsHasABiasForEachChannelInstead) {
  const auto with = buildModel("resnet20", "relu", kCifar), without = buildModel("resnet20-nobn", "relu", kCifar);
  // gamma and beta go, a bias comes; running mean and variance are two more a channel.
  EXPECT_EQ(with->layout().size() - without->layout().size(), with->bufferLayout().size() / 2);
  EXPECT_EQ(without->bufferLayout().size(), 0);
}

TEST(ModelFamilies, namesAreThoseOfTheirCommunities) {
  const auto has = [](const std::string& model, const InputShape& shape, const std::string& name, const std::vector<std::int64_t>& wanted) {
    const auto built = buildModel(model, "relu", shape);
    for (const ParameterLayout* layout : {&built->layout(), &built->bufferLayout()})
      for (const ParameterSlice& slice : layout->slices())
        if (slice.name == name) return slice.shape == wanted;
    return false;
  };
  EXPECT_TRUE(has("resnet20", kCifar, "layer2.0.conv1.weight", {32, 16, 3, 3}));
  EXPECT_TRUE(has("resnet20", kCifar, "layer3.2.bn2.running_var", {64}));
  EXPECT_TRUE(has("resnet18", kCifar, "layer2.0.downsample.0.weight", {128, 64, 1, 1}));
  EXPECT_TRUE(has("resnet34", kCifar, "layer4.2.bn2.running_var", {512}));
  EXPECT_TRUE(has("vgg16_bn", kCifar, "features.41.weight", {512}));  // torchvision's last norm
  EXPECT_TRUE(has("vgg16", kCifar, "features.28.weight", {512, 512, 3, 3}));
  EXPECT_TRUE(has("vgg19_bn", kCifar, "features.50.running_mean", {512}));
  EXPECT_TRUE(has("wrn-16-4", kCifar, "block2.layer.0.convShortcut.weight", {128, 64, 1, 1}));
  EXPECT_TRUE(has("vit", kCifar, "pos_embed", {1, 65, 64}));
  EXPECT_TRUE(has("vit", kDigits, "patch_embed.proj.weight", {64, 1, 2, 2}));
  EXPECT_TRUE(has("gpt", kText, "transformer.h.3.attn.c_attn.weight", {192, 64}));
  EXPECT_TRUE(has("gpt", kText, "transformer.wpe.weight", {6, 64}));
}

TEST(ModelFamilies, everyNameIsGivenOnceAndKindsFollowIt) {
  for (const char* name : {"resnet8", "resnet8-nobn-noshort", "wrn-10-1", "vit:1-8-2-4", "gpt:1-8-2"}) {
    std::set<std::string> seen;
    const auto model = small(name);
    for (const ParameterSlice& s : model->layout().slices()) {
      EXPECT_TRUE(seen.insert(s.name).second) << s.name;
      const bool norm = s.name.find("bn") != std::string::npos || s.name.find("norm") != std::string::npos || s.name.find("ln_") != std::string::npos;
      EXPECT_EQ(s.kind == ParameterKind::norm, norm) << s.name;
    }
  }
}

TEST(ModelFamilies, namesThatAreWrongOrDoNotFitAreRefusedInASentence) {
  const auto messageFor = [](const char* name, const InputShape& shape, double dropout = 0) {
    return messageOf<std::invalid_argument>([&] { buildModel(name, "relu", shape, dropout); });
  };
  EXPECT_NE(messageFor("resnet19", kCifar).find("6n+2"), std::string::npos);
  EXPECT_NE(messageFor("vgg16", kDigits).find("32x32 or more, the data has 8x8"), std::string::npos);
  EXPECT_NE(messageFor("resnet18", kDigits).find("16x16 or more, the data has 8x8"), std::string::npos);
  EXPECT_NE(messageFor("vit:2-8-2-3", kDigits).find("do not divide"), std::string::npos);
  EXPECT_NE(messageFor("gpt", kDigits).find("images"), std::string::npos);
  EXPECT_NE(messageFor("cnn", kText).find("use gpt"), std::string::npos);
  EXPECT_NE(messageFor("resnet20", kDigits, 0.1).find("resnet20 has none"), std::string::npos);
  EXPECT_NE(messageFor("mlp:64-10", kDigits, 1.0).find("0 <= p < 1"), std::string::npos);
  EXPECT_NE(messageFor("resnet20", {.channels = 1, .height = 1, .width = 2, .classes = 3}).find("use mlp"), std::string::npos);
  const std::string unknown = messageOf<std::invalid_argument>([] { requireKnownModel("alexnet"); });
  for (const char* family : {"alexnet", "mlp:", "cnn", "lenet", "resnet20", "vgg", "wrn-16-4", "vit", "gpt"}) EXPECT_NE(unknown.find(family), std::string::npos) << unknown;
  for (const char* known : {"", "mlp:2-2", "resnet110-nobn", "vgg13", "wrn-40-2", "vit:6-64-4-4", "gpt:2-32-4"}) EXPECT_NO_THROW(requireKnownModel(known)) << known;
}

TEST(ModelFamilies, startValuesFollowTheirRules) {
  const auto model = buildModel("gpt:2-64-4", "relu", kText);
  const at::Tensor theta = initialise(model->layout(), 1, at::kDouble);
  for (const ParameterSlice& s : model->layout().slices()) {
    const at::Tensor values = theta.narrow(0, s.offset, s.count());
    const double square = values.square().mean().item<double>();
    const bool residual = s.name.find("c_proj") != std::string::npos;
    const double expected = s.name.ends_with("bias") ? 0 : s.kind == ParameterKind::norm ? 1 : residual ? 0.0001 : 0.0004;  // 0.02^2 / (2 * 2 layers)
    // The square of a normal number deviates by sqrt(2) times its variance; five standard errors.
    EXPECT_NEAR(square, expected, s.kind == ParameterKind::norm ? 0 : 5 * 1.4143 * expected / std::sqrt(static_cast<double>(s.count()))) << s.name;
  }
}

/// The draws of networks that were there before: uniform by fan-in, one stream a name.
TEST(ModelFamilies, startValuesOfPlainLayersAreOneStreamAName) {
  const auto model = buildModel("cnn", "relu", kDigits);
  const at::Tensor theta = initialise(model->layout(), 4, at::kDouble);
  for (const ParameterSlice& s : model->layout().slices()) {
    const double fanIn = s.name.starts_with("conv1") ? 9 : s.name.starts_with("conv2") ? 144 : 512;
    RandomStream stream(deriveSeed(4, "init/" + s.name));
    const double bound = 1.0 / std::sqrt(fanIn);
    for (std::int64_t i = 0; i < 8; ++i) EXPECT_EQ(theta[s.offset + i].item<double>(), bound * (2.0 * stream.uniform() - 1.0)) << s.name;
  }
}

/// H v by double backward against the central difference of gradients, ReLU replaced by softplus, in both modes and with dropout.
TEST(ModelFamilies, areTwiceDifferentiable) {
  const std::vector<std::pair<const char*, double>> cases = {{"mlp:64-12-10", 0.3}, {"resnet8", 0},       {"resnet8-nobn", 0}, {"resnet8-noshort", 0},
                                                             {"wrn-10-1", 0.2},     {"vit:1-8-2-4", 0.2}, {"gpt:1-8-2", 0.2}};
  for (const auto& [name, dropout] : cases) {
    for (const Mode mode : {Mode::evaluate, Mode::train}) {
      const auto model = small(name, dropout);
      const at::Tensor theta = initialise(model->layout(), 2, at::kDouble) + 0.02 * normals(model->layout().size(), 4);
      const at::Tensor v = normals(theta.numel(), 3) / std::sqrt(static_cast<double>(theta.numel()));
      const auto gradientAt = [&](const at::Tensor& point, bool keep) {
        const at::Tensor logits = model->forward(point, inputsFor(name, 3), {.mode = mode, .dropoutSeed = 6});
        return torch::autograd::grad({crossEntropy(logits, labelsFor(name, 3))}, {point}, {}, std::nullopt, keep)[0];
      };
      const at::Tensor leaf = theta.clone().requires_grad_();
      const at::Tensor product = torch::autograd::grad({gradientAt(leaf, true).dot(v)}, {leaf})[0];
      const double h = 1e-5;
      const at::Tensor difference = (gradientAt((theta + h * v).requires_grad_(), false) - gradientAt((theta - h * v).requires_grad_(), false)) / (2 * h);
      // Truncation ~ h^2 = 1e-10 times the third derivative, rounding ~ 1e-16 / h = 1e-11 times the gradient.
      EXPECT_LT((product - difference).norm().item<double>(), 1e-6 * product.norm().item<double>()) << name << (mode == Mode::train ? " train" : " evaluate");
    }
  }
}

TEST(ModelFamilies, aPassIsAFunctionOfItsArguments) {
  for (const auto& [name, dropout] : {std::pair{"wrn-10-1", 0.3}, {"vit:1-8-2-4", 0.3}, {"gpt:1-8-2", 0.3}, {"mlp:64-12-10", 0.3}}) {
    const auto model = small(name, dropout);
    const at::Tensor theta = initialise(model->layout(), 2, at::kFloat);
    const at::Tensor x = name[0] == 'g' ? inputsFor(name, 3) : inputsFor(name, 3).to(at::kFloat);
    const auto logits = [&](Mode mode, std::uint64_t seed) { return model->forward(theta, x, {.mode = mode, .dropoutSeed = seed}); };
    EXPECT_TRUE(at::equal(logits(Mode::train, 1), logits(Mode::train, 1))) << name;
    EXPECT_FALSE(at::equal(logits(Mode::train, 1), logits(Mode::train, 2))) << name;
    EXPECT_TRUE(at::equal(logits(Mode::evaluate, 1), logits(Mode::evaluate, 2))) << name;
    EXPECT_TRUE(at::equal(logits(Mode::evaluate, 1), model->forward(theta, x))) << name;
  }
}

TEST(ModelFamilies, textGivesLogitsAtEveryPositionWithoutLookingAhead) {
  const auto model = small("gpt:1-8-2");
  const at::Tensor theta = initialise(model->layout(), 2, at::kDouble), x = inputsFor("gpt", 2);
  const at::Tensor logits = model->forward(theta, x);
  EXPECT_EQ(logits.sizes(), (at::IntArrayRef{2, 6, 11}));
  EXPECT_TRUE(at::equal(logits, model->forward(theta, x.flatten(1))));
  at::Tensor changed = x.clone();
  changed.select(3, 4).add_(1).remainder_(11);
  const at::Tensor after = model->forward(theta, changed);
  EXPECT_LT((after - logits).narrow(1, 0, 4).abs().max().item<double>(), 1e-14);
  EXPECT_GT((after - logits).narrow(1, 4, 2).abs().max().item<double>(), 1e-6);
  EXPECT_LT((model->forward(theta, x.narrow(3, 0, 4)) - logits.narrow(1, 0, 4)).abs().max().item<double>(), 1e-14);
  EXPECT_THROW(model->forward(theta, at::zeros({1, 7}, at::kLong)), std::invalid_argument);
}

}  // namespace
}  // namespace trainer
