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

/// Student's intervals corrected for skewness by Hall's cubic transformation: rises of a loss are a weighted sum of chi-squares, whose plain t intervals cover
/// 90 instead of 95 % at 20 draws; these cover 94 (one eigenvalue alone, the worst case; tests/analysis/sharpness_coverage_test.cpp).
/// Source: Hall, On the removal of skewness by transformation, J. R. Stat. Soc. B 54 (1992), equation 2.
/// @throws std::invalid_argument for fewer than two draws.
MeanEstimate estimateMean(const std::vector<double>& draws);

/// The two-sided quantile of Student's t: |t| <= q with probability p = erf(z/sqrt 2). Expansion in 1/nu; within 1e-4 for nu >= 10.
/// Source: Abramowitz, Stegun, 26.7.5.
double studentTwoSided(double z, double nu);

}  // namespace analysis
