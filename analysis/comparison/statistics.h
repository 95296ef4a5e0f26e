// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

/// Tests for tables of runs. Plain functions of numbers; each is held against scipy in the tests.
namespace analysis {

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

/// I_x(a, b), the regularised incomplete beta function, by Lentz's continued fraction; relative error below 1e-10 for a, b <= 1e5.
/// Source: Press et al., Numerical Recipes, 3rd ed., section 6.4.
double incompleteBeta(double a, double b, double x);

/// P(|T| >= |t|) of Student's t with nu > 0 degrees of freedom (not necessarily whole).
double studentTwoSided(double t, double nu);
/// The t that |T| exceeds with probability p, 0 < p < 1.
double studentCritical(double p, double nu);

/// Mean and sample deviation (n - 1; NaN for n < 2).
struct Spread {
  std::int64_t n = 0;
  double mean = kNoNumber, deviation = kNoNumber;
};
Spread spreadOf(const std::vector<double>& values);

/// A two-sided test of a difference b - a.
struct DifferenceTest {
  double difference = kNoNumber;
  double statistic = kNoNumber, freedom = kNoNumber;
  double p = kNoNumber;                          ///< NaN: there is no test
  double low = kNoNumber, high = kNoNumber;      ///< 95 % interval of the difference
  bool permutation = false;                      ///< nothing varies within either sample: the exact permutation test took the place of t
};

/// Welch's t test of two independent samples of two or more values: t = (mean b - mean a) / sqrt(s_a^2/n_a + s_b^2/n_b), Welch-Satterthwaite degrees of freedom.
/// Where neither sample varies: p = 1 for equal means, else that of the exact permutation test, 2 / C(n_a + n_b, n_a). Samples below two values: p is NaN.
DifferenceTest welch(const std::vector<double>& a, const std::vector<double>& b);

/// The t test of paired differences b_i - a_i, n >= 2. Where they are all the same: p = 1 for 0, else that of the exact sign-flip test, 2^(1 - n).
DifferenceTest paired(const std::vector<double>& a, const std::vector<double>& b);

/// Exact two-sided McNemar: of `onlyA + onlyB` items that one alone gets right, min(1, 2 P(X <= min(onlyA, onlyB))) with X binomial at 1/2; 1 where there are none.
double mcnemar(std::int64_t onlyA, std::int64_t onlyB);

/// Holm's adjusted p values, in the order given: each at most level keeps the chance of any false one at the level. NaN stays and is not counted.
std::vector<double> holm(const std::vector<double>& p);

/// Kendall's tau-b: (C - D) / sqrt((n0 - ties in x)(n0 - ties in y)), NaN where either is constant or n < 2. Pairs with a NaN are left out. Cost n^2.
double kendallTau(const std::vector<double>& x, const std::vector<double>& y);

}  // namespace analysis
