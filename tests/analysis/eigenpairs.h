// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "analysis/spectrum/lanczos.h"
#include "tests/analysis/small_problem.h"

namespace analysis::testing {

inline std::vector<double> valuesOf(const std::vector<Eigenvalue>& pairs) {
  std::vector<double> values;
  for (const Eigenvalue& e : pairs) values.push_back(e.value);
  return values;
}

inline void expectNear(const std::vector<double>& found, const std::vector<double>& expected, double tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], tolerance) << i;
}

inline Eigenpairs pairsOf(LinearOperator& a, std::int64_t top, std::int64_t bottom, double tolerance = 1e-10) {
  return extremeEigenpairs(a, {.top = top, .bottom = bottom, .tolerance = tolerance, .maxProducts = 2000}, {});
}

inline std::vector<double> range(int from, int to) {
  std::vector<double> values;
  for (int i = from; i <= to; ++i) values.push_back(i);
  return values;
}

/// A call at one product, the n-th.
inline std::function<void()> atProduct(std::int64_t n, std::function<void()> action) {
  return [n, left = n, action = std::move(action)]() mutable {
    if (--left == 0) action();
  };
}

}  // namespace analysis::testing
