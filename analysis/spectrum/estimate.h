// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace analysis {

/// An interval for an unknown number. Its coverage is tested: see estimateOf.
struct Interval {
  double low = 0, high = 0;
  bool operator==(const Interval&) const = default;
};

/// The fewest probes with which a standard error is given.
constexpr std::int64_t kLeastProbes = 20;

/// A number estimated from random probes, with what is known about its error. Exact where every direction was taken: standard error 0.
struct Estimate {
  double value = 0;
  std::int64_t probes = 0;
  bool hasError = false;     ///< false with fewer than 20 probes: no standard error and no interval is given then
  double standardError = 0;
  Interval interval68, interval95;
  bool operator==(const Estimate&) const = default;
};

/// Quantile of Student's t that a two-sided 68 % or 95 % interval uses (z of the normal), by the Cornish-Fisher expansion to 1/nu^4; error below 1e-3 from nu = 5 on.
double studentQuantile(double z, double degreesOfFreedom);

/// value with 68 % and 95 % intervals by Hall's skewness-corrected t with n - 1 degrees of freedom, n the probes and g the skewness of what was averaged:
///   value - q(+-t) standardError,  q(y) = (3 sqrt(n)/g) (cbrt(1 + (g/sqrt(n)) (y - g/(6 sqrt(n)))) - 1);  Student's t where g is 0.
/// Source: P. Hall, On the removal of skewness by transformation, J. R. Statist. Soc. B 54 (1992).
Estimate skewedEstimate(double value, double standardError, double skewness, std::int64_t probes);

/// One interval of skewedEstimate's, for the two-sided normal quantile z, whatever the number of samples.
struct SkewedMean {
  double value = 0, standardError = 0, skewness = 0;
  std::int64_t samples = 0;
};
Interval skewedInterval(const SkewedMean& mean, double z);
inline constexpr double kZ68 = 0.994457883209753, kZ95 = 1.959963984540054;

/// Third central moment over the 3/2 power of the second; 0 of equal samples.
double skewnessOf(const std::vector<double>& samples);

/// value with everything within `bound` of it: 0 where it is exact.
Estimate boundedEstimate(double value, double bound, std::int64_t probes);

/// Mean of independent samples with s/sqrt(n) as its error and skewedEstimate's intervals.
/// Quadratic forms of probes are skewed where one eigenvalue dominates: there the plain t interval of 20 probes covers 88-91 % instead of 95 %, this one 92-95 %.
/// @throws std::invalid_argument for no samples.
Estimate estimateOf(const std::vector<double>& samples);

/// The same of a x (a >= 0 scales, a < 0 also mirrors the intervals).
Estimate scaled(const Estimate& e, double a);

/// sqrt(x) of an estimate x >= 0: the error to first order (s / 2 sqrt(x)), the intervals' ends mapped.
Estimate squareRoot(const Estimate& e);

/// Whether half of the 68 % interval and the standard error are at most `relative` |value|: the stop of an estimate that grows.
bool meets(const Estimate& e, double relative);

/// The next count of probes at which a stop is considered: 20, 30, 45, ... (half as many again), at most `limit`. Looking rarely is what keeps the intervals'
/// coverage under this optional stopping.
std::int64_t nextProbes(std::int64_t now, std::int64_t limit);

}  // namespace analysis
