// SPDX-License-Identifier: GPL-3.0-or-later
// Transformations that leave a network's function alone, on every family, and the badges that follow.
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <stdexcept>

#include "analysis/invariance/invariant_measures.h"
#include "analysis/invariance/measure_invariance.h"
#include "analysis/invariance/transformations.h"
#include "tests/analysis/small_problem.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/run/run_store.h"
#include "trainer/run/train.h"

namespace analysis {
namespace {

using testing::digitsModel;
using testing::digitsParts;

struct Network {
  std::string name, activation;
  std::vector<std::string> transformations;
};

/// In double on a few digits; running statistics of a network with norms are some positive numbers, its gains and biases not all the same.
ModelObjective::Parts partsOf(const Network& n) {
  ModelObjective::Parts parts = n.name == "lenet" ? testing::lenetParts(at::kDouble, 8) : digitsParts(digitsModel(n.name, n.activation), at::kDouble, 8);
  parts.theta = parts.theta + 0.05 * testing::gaussian(parts.theta.numel(), 9);
  parts.buffers = testing::gaussian(parts.model->bufferLayout().size(), 10).square() + 0.5;
  return parts;
}

const std::vector<std::string> kRelu = {"scale-layers", "scale-units", "permute", "last-layer"};
const std::vector<std::string> kReluNorm = {"scale-layers", "scale-units", "permute", "norm-scale", "last-layer"};
const std::vector<std::string> kAttention = {"permute", "attention-query-key", "attention-value", "last-layer"};

class Transformations : public ::testing::TestWithParam<Network> {};

TEST_P(Transformations, LeaveTheFunctionAlone) {
  ModelObjective::Parts parts = partsOf(GetParam());
  const Symmetries symmetries = symmetriesOf(*parts.model, GetParam().activation);
  EXPECT_EQ(transformationsOf(symmetries), GetParam().transformations);
  ModelObjective before(parts);
  const at::Tensor outputs = before.outputs(before.theta0());
  InvarianceSpec spec;
  spec.strength = 3;
  for (const std::string& name : transformationsOf(symmetries)) {
    const Transformed t = transform(name, *parts.model, symmetries, {parts.theta, parts.buffers}, spec);
    EXPECT_GT((t.weights.theta - parts.theta).norm().item<double>(), 0.01) << name;
    ModelObjective::Parts changed = parts;
    changed.theta = t.weights.theta, changed.buffers = t.weights.buffers;
    ModelObjective after(changed);
    const at::Tensor out = after.outputs(after.theta0());
    if (name == "last-layer") {
      EXPECT_LT(testing::relativeDifference(out, 3 * outputs), 1e-12);
      continue;
    }
    EXPECT_EQ(t.keeps, "outputs");
    // Attention's matrices have condition numbers up to 9, and there are a few dozen layers at most.
    EXPECT_LT(testing::relativeDifference(out, outputs), 1e-11) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Families, Transformations,
                         ::testing::Values(Network{"mlp:64-12-8-10", "relu", kRelu}, Network{"mlp:64-8-10", "tanh", {"permute", "last-layer"}}, Network{"cnn", "relu", kRelu},
                                           Network{"lenet", "relu", kRelu}, Network{"resnet20", "relu", kReluNorm}, Network{"resnet20-nobn", "relu", kRelu},
                                           Network{"wrn-10-1", "relu", kReluNorm}, Network{"vit:2-16-4-4", "gelu", kAttention}),
                         [](const auto& network) {
                           std::string name = network.param.name + "_" + network.param.activation;
                           std::ranges::replace_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
                           return name;
                         });

TEST(Symmetries, ofResnet18AreThoseInsideItsBlocks) {
  const auto model = trainer::buildModel("resnet18", "relu", {.channels = 3, .height = 32, .width = 32, .classes = 10});
  const Symmetries s = symmetriesOf(*model, "relu");
  EXPECT_EQ(s.junctions.size(), 8u);
  EXPECT_EQ(s.normed.size(), 20u);  // every convolution, the three shortcuts among them
  EXPECT_EQ(s.lastName, "fc");
}

TEST(Transformations, LeaveAGptAlone) {
  const auto model = trainer::buildModel("gpt:2-16-4", "gelu", {.channels = 1, .height = 1, .width = 12, .classes = 30, .tokens = true});
  ModelObjective::Parts parts{.model = model,
                              .theta = trainer::initialise(model->layout(), 3, at::kDouble) + 0.05 * testing::gaussian(model->layout().size(), 9),
                              .data = {at::arange(4 * 12, at::kLong).mul(7).remainder(30).view({4, 1, 1, 12}), at::arange(4 * 12, at::kLong).remainder(30).view({4, 12})},
                              .normalisation = {}};
  const Symmetries symmetries = symmetriesOf(*model, "gelu");
  EXPECT_EQ(transformationsOf(symmetries), kAttention);
  ModelObjective before(parts);
  const at::Tensor outputs = before.outputs(before.theta0());
  for (const char* name : {"permute", "attention-query-key", "attention-value"}) {
    ModelObjective::Parts changed = parts;
    changed.theta = transform(name, *model, symmetries, {parts.theta}, {}).weights.theta;
    ModelObjective after(changed);
    EXPECT_LT(testing::relativeDifference(after.outputs(after.theta0()), outputs), 1e-11) << name;
  }
}

TEST(Transformations, NormScaleHoldsWithBatchStatisticsUpToTheirEpsilon) {
  const Network net{"resnet20", "relu", {}};
  ModelObjective::Parts parts = partsOf(net);
  parts.policy = BatchNormPolicy::train, parts.chunk = 8;
  InvarianceSpec spec;
  spec.strength = 3;
  ModelObjective before(parts);
  parts.theta = transform("norm-scale", *parts.model, symmetriesOf(*parts.model, "relu"), {parts.theta, parts.buffers}, spec).weights.theta;
  ModelObjective after(parts);
  EXPECT_LT(testing::relativeDifference(after.outputs(after.theta0()), before.outputs(before.theta0())), 1e-2);
}

TEST(Transformations, ShareZeroOfAPermutationMovesNothing) {
  const ModelObjective::Parts parts = partsOf({"mlp:64-12-8-10", "relu", {}});
  InvarianceSpec spec;
  spec.share = 0;
  const auto symmetries = symmetriesOf(*parts.model, "relu");
  EXPECT_TRUE(transform("permute", *parts.model, symmetries, {parts.theta}, spec).weights.theta.equal(parts.theta));
  spec.share = 0.5;
  const at::Tensor half = transform("permute", *parts.model, symmetries, {parts.theta}, spec).weights.theta;
  const auto& fc1 = parts.model->layout().slices()[1];  // the bias: a number a unit
  EXPECT_EQ(half.narrow(0, fc1.offset, 12).ne(parts.theta.narrow(0, fc1.offset, 12)).sum().item<std::int64_t>(), 6);
}

TEST(Badges, TellEqualFromDifferentByTheErrorOfTheirDifferences) {
  const InvariantValue a{"trace", 2, 0.6, {1, 2, 3}}, shifted{"trace", 2.5, 0.6, {1.5, 2.5, 3.5}}, noisy{"trace", 2.5, 0.9, {1, 4.5, 2}};
  EXPECT_FALSE(compare(a, shifted, at::kDouble).earned) << "the same draws moved by the same amount: no noise in the difference";
  EXPECT_TRUE(compare(a, noisy, at::kDouble).earned);
  EXPECT_FALSE(compare(a, noisy, at::kDouble).sharp) << "nothing is known either way";
  EXPECT_TRUE(compare(a, shifted, at::kDouble).sharp);
  EXPECT_TRUE(compare({"lambda_max", 1, 0.01}, {"lambda_max", 1.03, 0.01}, at::kDouble).earned);
  EXPECT_FALSE(compare({"lambda_max", 1, 0.01}, {"lambda_max", 1.05, 0.01}, at::kDouble).earned);
  EXPECT_TRUE(compare({"parameter_norm", 1, 0}, {"parameter_norm", 1 + 1e-4, 0}, at::kFloat).earned);
  EXPECT_FALSE(compare({"parameter_norm", 1, 0}, {"parameter_norm", 1 + 1e-4, 0}, at::kDouble).earned);
}

class InvarianceOfARun : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    trainer::RunSpec spec;
    spec.data = "digits", spec.dataLimit = 150, spec.model = "mlp:64-8-6-10", spec.epochs = 6, spec.checkpointEvery = 6, spec.device = "cpu", spec.threads = 1;
    spec.precision = "double";
    trainer::train(trainer::resolve(spec, nullptr), *folder_ / "run", {}, {});
    spec.seed = 1;
    trainer::train(trainer::resolve(spec, nullptr), *folder_ / "stranger", {}, {});
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }
  static InvarianceSpec spec() {
    InvarianceSpec s;
    s.measure.run = (*folder_ / "run").string(), s.measure.device = "cpu", s.measure.threads = 1, s.measure.precision = "double";
    return s;
  }
  static const InvarianceBadge& badge(const InvarianceOutcome& o, const std::string& measure) {
    return *std::ranges::find(o.badges, measure, &InvarianceBadge::measure);
  }
  static TemporaryFolder* folder_;
};
TemporaryFolder* InvarianceOfARun::folder_ = nullptr;

TEST_F(InvarianceOfARun, EveryClaimIsEarnedAndTheOthersAreLostWhereTheyShouldBe) {
  const Invariance result = measureInvariance(spec(), {});
  ASSERT_EQ(result.outcomes.size(), 4U);
  for (const InvarianceOutcome& o : result.outcomes) {
    EXPECT_TRUE(o.verified) << o.transform;
    EXPECT_EQ(o.badges.size(), 14U);
    for (const InvarianceBadge& b : o.badges)
      if (b.claimed) {
        EXPECT_TRUE(b.earned && b.sharp) << o.transform << " " << b.measure << ": " << b.before << " -> " << b.after << " tolerance " << b.tolerance;
      }
  }
  for (const char* lost : {"lambda_max", "worst", "gradient_norm", "parameter_norm"}) {
    EXPECT_FALSE(badge(result.outcomes[0], lost).earned) << "scale-layers " << lost;
    EXPECT_FALSE(badge(result.outcomes[1], lost).earned) << "scale-units " << lost;
  }
  // With 20 draws a factor of two may stay within the noise of these; then nothing is claimed of them.
  for (const char* drawn : {"trace", "average"})
    for (const std::size_t i : {0, 1}) EXPECT_FALSE(badge(result.outcomes[i], drawn).earned && badge(result.outcomes[i], drawn).sharp) << i << drawn;
  EXPECT_EQ(result.outcomes[3].keeps, "predictions");
  EXPECT_GT(result.outcomes[3].largestDifference, 0.9 * result.outcomes[3].largestOutput);
  EXPECT_FALSE(badge(result.outcomes[3], "lambda_max").earned);
}

TEST_F(InvarianceOfARun, ARescaledPermutedCopyIsTheSameFunctionAndAStrangerIsNot) {
  namespace fs = std::filesystem;
  InvarianceSpec s = spec();
  const fs::path copy = *folder_ / "copy";
  fs::copy(s.measure.run, copy, fs::copy_options::recursive);
  s.transforms = {"scale-layers", "permute"};
  s.save = trainer::findCheckpoint(copy, "last").file.string();
  measureInvariance(s, {});
  InvarianceSpec other = spec();
  other.other = copy.string();
  const Invariance same = measureInvariance(other, {});
  ASSERT_EQ(same.outcomes.size(), 1U);
  EXPECT_TRUE(same.outcomes[0].verified);
  for (const char* kept : {"worst_adaptive", "one_step_adaptive", "average_adaptive", "gradient_norm_adaptive", "relative_flatness"})
    EXPECT_TRUE(badge(same.outcomes[0], kept).earned) << kept;
  EXPECT_FALSE(badge(same.outcomes[0], "lambda_max").earned);
  other.other = (*folder_ / "stranger").string();
  const Invariance different = measureInvariance(other, {});
  EXPECT_FALSE(different.outcomes[0].verified);
  EXPECT_TRUE(different.outcomes[0].badges.empty());
}

TEST_F(InvarianceOfARun, RefusesWhatTheNetworkDoesNotHave) {
  const auto refusal = [](const auto& change) {
    InvarianceSpec s = spec();
    change(s);
    return messageOf<std::invalid_argument>([&] { measureInvariance(s, {}); });
  };
  EXPECT_NE(refusal([](InvarianceSpec& s) { s.transforms = {"attention-value"}; }).find("mlp:64-8-6-10 with these activations has: scale-layers"), std::string::npos);
  EXPECT_NE(refusal([](InvarianceSpec& s) { s.transforms = {"mirror"}; }).find("--transform 'mirror' is unknown"), std::string::npos);
  EXPECT_NE(refusal([](InvarianceSpec& s) { s.strength = 0; }).find("--strength"), std::string::npos);
  EXPECT_NE(refusal([](InvarianceSpec& s) { s.share = 1.5; }).find("--share"), std::string::npos);
  EXPECT_NE(refusal([](InvarianceSpec& s) { s.draws = 5; }).find("--draws 5"), std::string::npos);
}

}  // namespace
}  // namespace analysis
