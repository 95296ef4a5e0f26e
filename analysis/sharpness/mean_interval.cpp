// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/sharpness/mean_interval.h"

#include <cmath>
#include <stdexcept>

namespace analysis {
namespace {

constexpr double k68 = 0.994457883, k95 = 1.959963985;  ///< normal quantiles of 68 and 95 %, two-sided

/// T for which T + a T^2/3 + a^2 T^3/27 + a/6 = y, with a = skewness / sqrt(n).
double undone(double y, double a) { return std::abs(a) < 1e-9 ? y : 3 / a * (std::cbrt(1 + a * (y - a / 6)) - 1); }

RiseInterval around(double mean, double error, double a, double t) {
  if (!(error > 0)) return {mean, mean};
  return {mean - error * undone(t, a), mean - error * undone(-t, a)};
}

}  // namespace

double studentTwoSided(double z, double nu) {
  const double z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z;
  return z + (z3 + z) / (4 * nu) + (5 * z5 + 16 * z3 + 3 * z) / (96 * nu * nu) + (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * nu * nu * nu);
}

MeanEstimate estimateMean(const std::vector<double>& draws) {
  if (draws.size() < 2) throw std::invalid_argument("a standard error needs at least two draws");
  const auto n = static_cast<double>(draws.size());
  MeanEstimate e;
  for (const double d : draws) e.mean += d / n;
  double second = 0, third = 0;
  for (const double d : draws) second += std::pow(d - e.mean, 2) / n, third += std::pow(d - e.mean, 3) / n;
  e.standardError = std::sqrt(second / (n - 1));
  const double a = second > 0 ? third / std::pow(second, 1.5) / std::sqrt(n) : 0;
  e.interval68 = around(e.mean, e.standardError, a, studentTwoSided(k68, n - 1));
  e.interval95 = around(e.mean, e.standardError, a, studentTwoSided(k95, n - 1));
  return e;
}

}  // namespace analysis
