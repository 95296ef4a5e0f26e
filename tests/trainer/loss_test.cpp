// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/loss.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "trainer/model/model.h"

namespace trainer {
namespace {

const at::Tensor kLogits = (at::arange(12, at::kDouble) * 1.3).sin().view({4, 3}) * 2;
const at::Tensor kLabels = at::tensor({2, 0, 1, 1}, at::kLong);

TEST(Loss, crossEntropyIsMinusTheMeanLogProbability) {
  const at::Tensor logProbabilities = kLogits - kLogits.exp().sum(1, true).log();
  double sum = 0;
  for (std::int64_t i = 0; i < 4; ++i) sum -= logProbabilities[i][kLabels[i].item<std::int64_t>()].item<double>();
  EXPECT_NEAR(crossEntropy(kLogits, kLabels).item<double>(), sum / 4, 1e-14);
  EXPECT_NEAR(meanLoss(kLogits, kLabels, {}).item<double>(), sum / 4, 1e-14);
  EXPECT_NEAR(itemLosses(kLogits, kLabels, {}).mean().item<double>(), sum / 4, 1e-14);
}

TEST(Loss, smoothingMixesInTheMeanOverTheClasses) {
  const at::Tensor logProbabilities = kLogits - kLogits.exp().sum(1, true).log();
  const double s = 0.2, plain = meanLoss(kLogits, kLabels, {}).item<double>();
  EXPECT_NEAR(meanLoss(kLogits, kLabels, {.labelSmoothing = s}).item<double>(), (1 - s) * plain - s * logProbabilities.mean().item<double>(), 1e-14);
}

TEST(Loss, squaredErrorIsTheMeanOverItemsAndClasses) {
  double sum = 0;
  for (std::int64_t i = 0; i < 4; ++i)
    for (std::int64_t c = 0; c < 3; ++c) sum += std::pow(kLogits[i][c].item<double>() - (kLabels[i].item<std::int64_t>() == c ? 1 : 0), 2);
  const LossOptions options{.kind = "mse"};
  EXPECT_NEAR(meanLoss(kLogits, kLabels, options).item<double>(), sum / 12, 1e-14);
  EXPECT_EQ(itemLosses(kLogits, kLabels, options).sizes(), (at::IntArrayRef{4}));
  EXPECT_NEAR(itemLosses(kLogits, kLabels, options).mean().item<double>(), sum / 12, 1e-14);
}

TEST(Loss, positionsOfTextCountAsItems) {
  for (const char* kind : {"cross-entropy", "mse"}) {
    const LossOptions options{.kind = kind};
    EXPECT_EQ(meanLoss(kLogits.view({2, 2, 3}), kLabels.view({2, 2}), options).item<double>(), meanLoss(kLogits, kLabels, options).item<double>());
    EXPECT_TRUE(at::equal(itemLosses(kLogits.view({2, 2, 3}), kLabels.view({2, 2}), options), itemLosses(kLogits, kLabels, options)));
  }
  EXPECT_EQ(crossEntropy(kLogits.view({2, 2, 3}), kLabels.view({2, 2})).item<double>(), crossEntropy(kLogits, kLabels).item<double>());
}

TEST(Loss, anUnknownKindIsRefused) { EXPECT_THROW(meanLoss(kLogits, kLabels, {.kind = "hinge"}), std::invalid_argument); }

}  // namespace
}  // namespace trainer
