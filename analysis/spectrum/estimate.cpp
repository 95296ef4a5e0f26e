// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/estimate.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace analysis {
namespace {

double sum(const std::vector<double>& x) {
  double total = 0;
  for (const double v : x) total += v;
  return total;
}

/// Hall's transformation, inverted: the quantile of the studentised mean of samples with skewness g.
double hallQuantile(double y, double g, double root) {
  const double shifted = y - g / (6 * root);
  if (std::abs(g) < 1e-6) return shifted;
  return 3 * root / g * (std::cbrt(1 + g / root * shifted) - 1);
}

}  // namespace

double studentQuantile(double z, double n) {
  const double z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z, z9 = z7 * z * z;
  return z + (z3 + z) / (4 * n) + (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n) + (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * n * n * n) +
         (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / (92160 * n * n * n * n);
}

Estimate skewedEstimate(double value, double standardError, double skewness, std::int64_t probes) {
  Estimate e{.value = value, .probes = probes, .hasError = probes >= kLeastProbes, .standardError = 0, .interval68 = {value, value}, .interval95 = {value, value}};
  if (!e.hasError) return e;
  e.standardError = standardError;
  const SkewedMean mean{value, standardError, skewness, probes};
  e.interval68 = skewedInterval(mean, kZ68);
  e.interval95 = skewedInterval(mean, kZ95);
  return e;
}

Interval skewedInterval(const SkewedMean& m, double z) {
  const double root = std::sqrt(static_cast<double>(m.samples)), t = studentQuantile(z, static_cast<double>(m.samples - 1));
  return {m.value - hallQuantile(t, m.skewness, root) * m.standardError, m.value - hallQuantile(-t, m.skewness, root) * m.standardError};
}

double skewnessOf(const std::vector<double>& samples) {
  const auto n = static_cast<double>(samples.size());
  const double mean = sum(samples) / n;
  double second = 0, third = 0;
  for (const double v : samples) second += (v - mean) * (v - mean), third += (v - mean) * (v - mean) * (v - mean);
  return second > 0 ? third / n / std::pow(second / n, 1.5) : 0;
}

Estimate boundedEstimate(double value, double bound, std::int64_t probes) {
  const Interval all{value - bound, value + bound};
  return {.value = value, .probes = probes, .hasError = true, .standardError = bound, .interval68 = all, .interval95 = all};
}

Estimate estimateOf(const std::vector<double>& samples) {
  if (samples.empty()) throw std::invalid_argument("an estimate needs at least one sample, got none");
  const auto n = static_cast<double>(samples.size());
  const double mean = sum(samples) / n;
  double squares = 0;
  for (const double v : samples) squares += (v - mean) * (v - mean);
  const double standardError = samples.size() > 1 ? std::sqrt(squares / (n - 1) / n) : 0;
  return skewedEstimate(mean, standardError, skewnessOf(samples), static_cast<std::int64_t>(samples.size()));
}

Estimate scaled(const Estimate& e, double a) {
  Estimate out = e;
  const auto of = [a](const Interval& i) { return a < 0 ? Interval{a * i.high, a * i.low} : Interval{a * i.low, a * i.high}; };
  out.value *= a;
  out.standardError *= std::abs(a);
  out.interval68 = of(e.interval68);
  out.interval95 = of(e.interval95);
  return out;
}

Estimate squareRoot(const Estimate& e) {
  Estimate out = e;
  const auto root = [](double v) { return std::sqrt(std::max(v, 0.0)); };
  out.value = root(e.value);
  out.standardError = out.value > 0 ? e.standardError / (2 * out.value) : 0;
  out.interval68 = {root(e.interval68.low), root(e.interval68.high)};
  out.interval95 = {root(e.interval95.low), root(e.interval95.high)};
  return out;
}

bool meets(const Estimate& e, double relative) {
  if (!e.hasError) return false;
  const double half = (e.interval68.high - e.interval68.low) / 2;
  return std::max(half, e.standardError) <= relative * std::abs(e.value);
}

std::int64_t nextProbes(std::int64_t now, std::int64_t limit) { return std::min(limit, std::max(kLeastProbes, now + now / 2)); }

}  // namespace analysis
