// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/optim/averages.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace trainer {
namespace {

AveragedModel modelAt(int t) { return {at::tensor({1.0 * t, -2.0 * t * t}), at::tensor({3.0 + t})}; }

TEST(WeightAverages, theExponentialStartsAtTheFirstTheta) {
  WeightAverages averages(0.75, modelAt(1));
  EXPECT_TRUE(at::equal(averages.exponential().theta, modelAt(1).theta));
  double first = 1, buffer = 4;
  for (int t = 2; t < 6; ++t) {
    averages.addStep(modelAt(t));
    first = 0.75 * first + 0.25 * t;
    buffer = 0.75 * buffer + 0.25 * (3 + t);
    EXPECT_NEAR(averages.exponential().theta[0].item<double>(), first, 1e-15);
    EXPECT_NEAR(averages.exponential().buffers[0].item<double>(), buffer, 1e-15);
  }
  EXPECT_FALSE(averages.mean().theta.defined());
}

TEST(WeightAverages, theMeanIsOverTheEpochs) {
  WeightAverages averages(std::nullopt, modelAt(0));
  averages.addStep(modelAt(9));
  for (const int t : {1, 2, 6}) averages.addEpoch(modelAt(t));
  EXPECT_EQ(averages.epochs(), 3);
  EXPECT_LT((averages.mean().theta - at::tensor({3.0, -82.0 / 3})).abs().max().item<double>(), 1e-14);  // (1 + 4 + 36) 2/3
  EXPECT_NEAR(averages.mean().buffers[0].item<double>(), 6, 1e-15);
  EXPECT_FALSE(averages.exponential().theta.defined());
}

TEST(WeightAverages, goesOnFromAStateWithTheVeryBits) {
  WeightAverages whole(0.9, modelAt(0)), second(0.9, modelAt(7));
  const auto go = [](WeightAverages& averages, int from, int to) {
    for (int t = from; t < to; ++t) {
      averages.addStep(modelAt(t));
      averages.addEpoch(modelAt(t));
    }
  };
  go(whole, 1, 4);
  const OptimizerState state = whole.state();
  second.restore(state);
  go(whole, 4, 8);
  second.restore(state);  // the state was not written to
  go(second, 4, 8);
  EXPECT_TRUE(at::equal(whole.exponential().theta, second.exponential().theta));
  EXPECT_TRUE(at::equal(whole.exponential().buffers, second.exponential().buffers));
  EXPECT_TRUE(at::equal(whole.mean().theta, second.mean().theta));
  EXPECT_TRUE(at::equal(whole.mean().buffers, second.mean().buffers));
  EXPECT_EQ(second.epochs(), 7);
}

TEST(WeightAverages, copiesWhatItIsGivenAndTakesModelsWithoutBuffers) {
  const at::Tensor theta = at::tensor({1.0, 2.0}).requires_grad_();
  WeightAverages averages(0.5, {theta, {}});
  averages.addEpoch({theta, {}});
  theta.detach().zero_();
  EXPECT_TRUE(at::equal(averages.exponential().theta, at::tensor({1.0, 2.0})));
  EXPECT_TRUE(at::equal(averages.mean().theta, at::tensor({1.0, 2.0})));
  averages.addStep({theta, {}});
  EXPECT_TRUE(at::equal(averages.exponential().theta, at::tensor({0.5, 1.0})));
  EXPECT_EQ(averages.state().vectors.size(), 2U);
}

}  // namespace
}  // namespace trainer
