// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/eigenvector.h"

#include <gtest/gtest.h>

namespace analysis {
namespace {

TEST(SpectrumDefaults, ResidualByPrecisionAndProductsByParameters) {
  EXPECT_EQ(defaultResidual(at::kFloat), 1e-3);
  EXPECT_EQ(defaultResidual(at::kDouble), 1e-8);
  EXPECT_EQ(defaultMaxProducts(5), 200);
  EXPECT_EQ(defaultMaxProducts(1000), 1000);
  EXPECT_EQ(defaultMaxProducts(100000), 2000);
}

}  // namespace
}  // namespace analysis
