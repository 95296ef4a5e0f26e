// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace analysis {
namespace {

constexpr double kTiny = 1e-300, kClose = 1e-15;
constexpr int kMostTerms = 10'000;  ///< sqrt(max(a, b)) are enough

/// The continued fraction of the incomplete beta function.
double betaFraction(double a, double b, double x) {
  const auto guarded = [](double v) { return std::abs(v) < kTiny ? kTiny : v; };
  double c = 1, d = 1 / guarded(1 - (a + b) * x / (a + 1)), h = d;
  for (int m = 1; m <= kMostTerms; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guarded(1 + even * d), c = guarded(1 + even / c), h *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guarded(1 + odd * d), c = guarded(1 + odd / c);
    const double step = d * c;
    h *= step;
    if (std::abs(step - 1) < kClose) break;
  }
  return h;
}

/// t, p and the 95 % interval of a difference with its standard error.
DifferenceTest byStudent(double difference, double standardError, double freedom) {
  DifferenceTest t{.difference = difference, .statistic = difference / standardError, .freedom = freedom};
  t.p = studentTwoSided(t.statistic, freedom);
  const double half = studentCritical(0.05, freedom) * standardError;
  t.low = difference - half, t.high = difference + half;
  return t;
}

double logBinomial(double n, double k) { return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1); }

/// Neither sample varies.
DifferenceTest ofConstants(const Spread& a, const Spread& b) {
  DifferenceTest t{.difference = b.mean - a.mean, .permutation = true};
  const auto n = static_cast<double>(a.n + b.n);
  const double arrangements = std::exp(logBinomial(n, static_cast<double>(a.n)));
  t.p = t.difference == 0 ? 1 : std::min(1.0, 2 / arrangements);
  return t;
}

}  // namespace

double incompleteBeta(double a, double b, double x) {
  if (!(a > 0) || !(b > 0) || !(x >= 0 && x <= 1)) throw std::invalid_argument("the incomplete beta function needs a > 0, b > 0, 0 <= x <= 1");
  if (x == 0 || x == 1) return x;
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
  return x < (a + 1) / (a + b + 2) ? front * betaFraction(a, b, x) / a : 1 - front * betaFraction(b, a, 1 - x) / b;
}

double studentTwoSided(double t, double nu) {
  if (!(nu > 0)) throw std::invalid_argument("Student's t needs degrees of freedom > 0");
  if (std::isnan(t)) return kNoNumber;
  if (std::isinf(t)) return 0;
  return incompleteBeta(nu / 2, 0.5, nu / (nu + t * t));
}

double studentCritical(double p, double nu) {
  if (!(p > 0 && p < 1)) throw std::invalid_argument("Student's quantile needs 0 < p < 1");
  double low = 0, high = 1;
  while (studentTwoSided(high, nu) > p) high *= 2;
  for (int i = 0; i < 200 && high - low > 1e-14 * high; ++i) {
    const double middle = (low + high) / 2;
    (studentTwoSided(middle, nu) > p ? low : high) = middle;
  }
  return (low + high) / 2;
}

Spread spreadOf(const std::vector<double>& values) {
  Spread s{.n = static_cast<std::int64_t>(values.size())};
  if (values.empty()) return s;
  // All equal: the mean is that value and the deviation 0, whatever rounding would make of them.
  const auto [least, most] = std::ranges::minmax_element(values);
  const auto n = static_cast<double>(values.size());
  s.mean = *least == *most ? *least : std::accumulate(values.begin(), values.end(), 0.0) / n;
  if (values.size() < 2) return s;
  double squares = 0;
  for (const double v : values) squares += (v - s.mean) * (v - s.mean);
  s.deviation = std::sqrt(squares / (n - 1));
  return s;
}

DifferenceTest welch(const std::vector<double>& a, const std::vector<double>& b) {
  const Spread sa = spreadOf(a), sb = spreadOf(b);
  if (sa.n < 2 || sb.n < 2) return {.difference = sb.mean - sa.mean};
  if (sa.deviation == 0 && sb.deviation == 0) return ofConstants(sa, sb);
  const double va = sa.deviation * sa.deviation / static_cast<double>(sa.n), vb = sb.deviation * sb.deviation / static_cast<double>(sb.n);
  const double freedom = (va + vb) * (va + vb) / (va * va / static_cast<double>(sa.n - 1) + vb * vb / static_cast<double>(sb.n - 1));
  return byStudent(sb.mean - sa.mean, std::sqrt(va + vb), freedom);
}

DifferenceTest paired(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) throw std::invalid_argument("paired samples must be of one length");
  std::vector<double> differences(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) differences[i] = b[i] - a[i];
  const Spread s = spreadOf(differences);
  if (s.n < 2) return {.difference = s.mean};
  if (s.deviation == 0) return {.difference = s.mean, .p = s.mean == 0 ? 1 : std::exp2(static_cast<double>(1 - s.n)), .permutation = true};
  return byStudent(s.mean, s.deviation / std::sqrt(static_cast<double>(s.n)), static_cast<double>(s.n - 1));
}

double mcnemar(std::int64_t onlyA, std::int64_t onlyB) {
  if (onlyA < 0 || onlyB < 0) throw std::invalid_argument("McNemar's test needs counts >= 0");
  const auto n = static_cast<double>(onlyA + onlyB);
  double tail = 0;
  for (std::int64_t k = std::min(onlyA, onlyB); k >= 0; --k) tail += std::exp(logBinomial(n, static_cast<double>(k)) - n * std::log(2.0));
  return std::min(1.0, 2 * tail);
}

std::vector<double> holm(const std::vector<double>& p) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (!std::isnan(p[i])) order.push_back(i);
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
  std::vector<double> adjusted(p.size(), kNoNumber);
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    largest = std::max(largest, std::min(1.0, static_cast<double>(order.size() - rank) * p[order[rank]]));
    adjusted[order[rank]] = largest;
  }
  return adjusted;
}

double kendallTau(const std::vector<double>& x, const std::vector<double>& y) {
  if (x.size() != y.size()) throw std::invalid_argument("Kendall's tau needs as many x as y");
  std::int64_t balance = 0, movesX = 0, movesY = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) || std::isnan(y[i])) continue;
    for (std::size_t j = i + 1; j < x.size(); ++j) {
      if (std::isnan(x[j]) || std::isnan(y[j])) continue;
      const int dx = (x[i] < x[j]) - (x[j] < x[i]), dy = (y[i] < y[j]) - (y[j] < y[i]);
      balance += dx * dy, movesX += dx != 0, movesY += dy != 0;
    }
  }
  if (movesX == 0 || movesY == 0) return kNoNumber;
  return static_cast<double>(balance) / std::sqrt(static_cast<double>(movesX) * static_cast<double>(movesY));
}

}  // namespace analysis
