// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "analysis/sharpness/sharpness.h"

namespace analysis {

/// The mean of independent draws, its standard error s/sqrt(n), and intervals of 68 and 95 % for the expectation.
struct MeanEstimate {
  double mean = 0;
  double standardError = 0;
  RiseInterval interval68{}, interval95{};
};

/// skewedInterval's (spectrum/estimate.h), for any number of draws from two on: rises of a loss are a weighted sum of chi-squares, whose plain t intervals cover
/// 90 instead of 95 % at 20 draws; these cover 94 (one eigenvalue alone, the worst case; tests/analysis/sharpness_coverage_test.cpp).
/// @throws std::invalid_argument for fewer than two draws.
MeanEstimate estimateMean(const std::vector<double>& draws);

}  // namespace analysis
