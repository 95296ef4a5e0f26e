// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "analysis/paths/assignment.h"
#include "analysis/paths/match_permutations.h"
#include "tests/analysis/small_problem.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/base/random.h"
#include "trainer/model/model.h"

namespace analysis {
namespace {

using testing::gaussian;
using testing::largest;

double gainOf(const std::vector<double>& gains, const std::vector<std::int64_t>& columns) {
  double sum = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) sum += gains[i * columns.size() + static_cast<std::size_t>(columns[i])];
  return sum;
}

// The plain twin: every permutation of up to seven.
TEST(Assignment, isTheBestOfAllPermutations) {
  for (std::int64_t n = 1; n <= 7; ++n)
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      std::vector<double> gains(static_cast<std::size_t>(n * n));
      trainer::fillNormal(gains, seed);
      if (seed % 4 == 3)
        for (double& g : gains) g = std::round(g);  // many equal ones
      std::vector<std::int64_t> columns(static_cast<std::size_t>(n));
      std::iota(columns.begin(), columns.end(), 0);
      double best = -1e300;
      do best = std::max(best, gainOf(gains, columns));
      while (std::next_permutation(columns.begin(), columns.end()));
      const std::vector<std::int64_t> found = largestAssignment(gains, n);
      EXPECT_EQ(std::set(found.begin(), found.end()).size(), static_cast<std::size_t>(n));
      EXPECT_NEAR(gainOf(gains, found), best, 1e-12) << n << ", " << seed;
    }
}

TEST(Assignment, findsAHiddenPermutationOfManyAndRefusesWhatIsNoSquare) {
  constexpr std::int64_t n = 200;
  const std::vector<std::int64_t> hidden = trainer::permutation(n, 3);
  std::vector<double> gains(static_cast<std::size_t>(n * n));
  trainer::fillNormal(gains, 5);
  for (std::int64_t i = 0; i < n; ++i) gains[static_cast<std::size_t>(i * n + hidden[static_cast<std::size_t>(i)])] += 20;
  EXPECT_EQ(largestAssignment(gains, n), hidden);
  EXPECT_TRUE(largestAssignment({}, 0).empty());
  EXPECT_THROW(largestAssignment(gains, n - 1), std::invalid_argument);
  gains[7] = NAN;
  EXPECT_THROW(largestAssignment(gains, n), std::invalid_argument);
}

struct Case {
  std::string model;
  trainer::InputShape input;
  std::size_t groups;
};

/// One of each family with permutations; resnet8 has three streams (16, 16, 32 new channels) and three inner groups.
class Families : public ::testing::TestWithParam<Case> {
 protected:
  std::shared_ptr<const trainer::Model> model = trainer::buildModel(GetParam().model, "tanh", GetParam().input);
  std::vector<PermutationGroup> groups = permutationGroups(*model);
  at::Tensor theta = trainer::initialise(model->layout(), 4, at::kDouble) + 0.05 * gaussian(model->layout().size(), 8);
  at::Tensor buffers = model->bufferLayout().size() > 0 ? model->initialBuffers(at::kDouble) + 0.3 * gaussian(model->bufferLayout().size(), 9).abs() : at::Tensor();

  Permutations random(std::uint64_t seed) const {
    Permutations p;
    for (const PermutationGroup& g : groups) p.push_back(trainer::permutation(g.size, trainer::deriveSeed(seed, g.name)));
    return p;
  }
  at::Tensor outputs(const PermutedWeights& w) const {
    const trainer::InputShape& in = GetParam().input;
    const at::Tensor x = gaussian(3 * in.features(), 2).view({3, in.channels, in.height, in.width});
    return model->forward(w.theta, x, {.mode = trainer::Mode::evaluate, .buffers = w.buffers});
  }
};

// A permutation moves the terms of sums: outputs of size 1 differ by some 1e-14; a channel in the wrong place would move them by 1e-1.
TEST_P(Families, permutedUnitsComputeTheSame) {
  EXPECT_EQ(groups.size(), GetParam().groups);
  const PermutedWeights before{theta, buffers}, after = permuted(groups, random(1), before);
  EXPECT_GT(largest(after.theta - theta), 0.1);
  const at::Tensor expected = outputs(before);
  EXPECT_LT(largest(outputs(after) - expected) / largest(expected), 1e-11);
  std::int64_t changed = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {  // and each group alone
    Permutations one = identityPermutations(groups);
    one[g] = random(2)[g];
    const PermutedWeights w = permuted(groups, one, before);
    changed += largest(w.theta - theta) > 0 ? 1 : 0;
    EXPECT_LT(largest(outputs(w) - expected) / largest(expected), 1e-11) << groups[g].name;
  }
  EXPECT_EQ(changed, static_cast<std::int64_t>(groups.size()));
}

TEST_P(Families, matchingBringsAPermutedCopyBack) {
  const PermutedWeights copy = permuted(groups, random(1), {theta, buffers});
  const Match match = matchPermutations(groups, theta, copy.theta, 0, {});
  EXPECT_GT(match.distanceBefore, 1);
  EXPECT_EQ(match.distanceAfter, 0);
  const PermutedWeights back = permuted(groups, match.permutations, copy);
  EXPECT_TRUE(at::equal(back.theta, theta));
  if (buffers.defined()) {
    EXPECT_TRUE(at::equal(back.buffers, buffers));
  }
  EXPECT_GT(match.moved, 0);
}

TEST_P(Families, matchingTwoNetworksBringsThemNearerAndIsTheSameAgain) {
  const at::Tensor other = trainer::initialise(model->layout(), 5, at::kDouble);
  const Match match = matchPermutations(groups, theta, other, 3, {}), again = matchPermutations(groups, theta, other, 3, {});
  EXPECT_LT(match.distanceAfter, match.distanceBefore);
  EXPECT_EQ(match.permutations, again.permutations);
  const at::Tensor near = permuted(groups, match.permutations, {other, {}}).theta;
  EXPECT_NEAR((near - theta).norm().item<double>(), match.distanceAfter, 1e-10);
}

constexpr trainer::InputShape kDigits{.channels = 1, .height = 8, .width = 8, .classes = 10};
constexpr trainer::InputShape kColour{.channels = 3, .height = 8, .width = 8, .classes = 10};
INSTANTIATE_TEST_SUITE_P(Networks, Families,
                         ::testing::Values(Case{"mlp:64-12-9-10", kDigits, 2}, Case{"cnn", kDigits, 2}, Case{"lenet", {.channels = 1, .height = 28, .width = 28, .classes = 10}, 4},
                                           Case{"resnet8", kColour, 6}, Case{"resnet8-noshort", kColour, 7}, Case{"resnet14-nobn", kColour, 9},
                                           Case{"wrn-10-1", kColour, 6}, Case{"wrn-10-2", kColour, 7}),
                         [](const auto& tested) {
                           std::string name = tested.param.model;
                           std::ranges::replace_if(name, [](char c) { return c == ':' || c == '-'; }, '_');
                           return name;
                         });

// In float: nine and eleven million parameters. A permutation moves the terms of sums of up to 4,608 products: 1e-5 of the outputs.
class LargeNetworks : public ::testing::TestWithParam<std::pair<const char*, std::size_t>> {};

TEST_P(LargeNetworks, haveGroupsThatComputeTheSame) {
  const auto model = trainer::buildModel(GetParam().first, "tanh", {.channels = 3, .height = 32, .width = 32, .classes = 10});
  const std::vector<PermutationGroup> groups = permutationGroups(*model);
  EXPECT_EQ(groups.size(), GetParam().second);
  const PermutedWeights before{trainer::initialise(model->layout(), 1, at::kFloat), model->initialBuffers(at::kFloat) + 0.3 * gaussian(model->bufferLayout().size(), 9, at::kFloat).abs()};
  Permutations p;
  for (const PermutationGroup& g : groups) p.push_back(trainer::permutation(g.size, trainer::deriveSeed(1, g.name)));
  const PermutedWeights after = permuted(groups, p, before);
  const at::Tensor x = gaussian(2 * 3 * 32 * 32, 2, at::kFloat).view({2, 3, 32, 32});
  const at::Tensor expected = model->forward(before.theta, x, {.buffers = before.buffers});
  EXPECT_LT(largest(model->forward(after.theta, x, {.buffers = after.buffers}) - expected) / largest(expected), 1e-5);
}

// resnet18: one a block, one a stage's stream.
INSTANTIATE_TEST_SUITE_P(PermutationGroups, LargeNetworks, ::testing::Values(std::pair("vgg11_bn", std::size_t{8}), std::pair("resnet18", std::size_t{12})),
                         [](const auto& tested) { return std::string(tested.param.first); });

TEST(PermutationGroups, ofAttentionAreRefused) {
  const auto vit = trainer::buildModel("vit:1-16-2-4", "gelu", kDigits);
  EXPECT_NE(messageOf<std::invalid_argument>([&] { permutationGroups(*vit); }).find("attention"), std::string::npos);
}

}  // namespace
}  // namespace analysis
