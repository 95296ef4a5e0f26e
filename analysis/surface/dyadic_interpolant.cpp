// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/dyadic_interpolant.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/unknown.h"

namespace analysis {
namespace {

constexpr int kMostPoints = 6;
constexpr std::size_t kLeastSample = 8;  ///< computed points of a level that a choice is made on
constexpr double kQuantile = 0.9;

using Weights = std::array<double, kMostPoints>;

/// Lagrange's weights at 1/2 for the nodes -left, 1 - left, ..., of which there are `count`.
Weights lagrange(int count, int left) {
  Weights w{};
  for (int i = 0; i < count; ++i) {
    w[static_cast<std::size_t>(i)] = 1;
    for (int k = 0; k < count; ++k)
      if (k != i) w[static_cast<std::size_t>(i)] *= (0.5 - (k - left)) / (i - k);
  }
  return w;
}

/// By count of nodes and nodes left of the cell's own.
const Weights& weights(int count, int left) {
  static const auto table = [] {
    std::array<std::array<Weights, kMostPoints>, kMostPoints + 1> t{};
    for (int c = 2; c <= kMostPoints; ++c)
      for (int l = 0; l + 1 < c; ++l) t[static_cast<std::size_t>(c)][static_cast<std::size_t>(l)] = lagrange(c, l);
    return t;
  }();
  return table[static_cast<std::size_t>(count)][static_cast<std::size_t>(left)];
}

/// Between nodes k and k + 1 of a line of `count` nodes, from at most `points` of them that are finite without a gap.
template <class Get>
double between(const Get& get, std::int64_t count, std::int64_t k, int points) {
  std::array<double, 2 * kMostPoints> value;
  const auto slot = [&](std::int64_t node) -> double& { return value[static_cast<std::size_t>(node - k + kMostPoints - 1)]; };
  std::int64_t low = k, high = k + 1;
  if (!std::isfinite(slot(low) = get(low)) || !std::isfinite(slot(high) = get(high))) return kUnknown;
  // The half on each side first; further only where the other side ends early.
  const auto extend = [&](std::int64_t& end, std::int64_t step, std::int64_t limit) {
    for (; end != limit && end + step >= 0 && end + step < count; end += step)
      if (!std::isfinite(slot(end + step) = get(end + step))) return;
  };
  extend(low, -1, k - points / 2 + 1);
  extend(high, 1, low + points - 1);
  if (high - low + 1 < points && low == k - points / 2 + 1) extend(low, -1, high - points + 1);
  const auto n = static_cast<int>(high - low + 1);
  const Weights& w = weights(n, static_cast<int>(k - low));
  double sum = 0;
  for (int i = 0; i < n; ++i) sum += w[static_cast<std::size_t>(i)] * slot(low + i);
  return sum;
}

}  // namespace

double relativeError(double predicted, double exact, double floor) {
  const bool one = std::isfinite(predicted), other = std::isfinite(exact);
  if (!one || !other) return one == other ? 0 : INFINITY;
  return predicted == exact ? 0 : std::abs(predicted - exact) / std::max(std::abs(exact), floor);
}

void DyadicInterpolant::begin(const std::vector<double>& exact, std::int64_t stride) {
  values_ = exact;
  surplus_.assign(exact.size(), kUnknown);
  stride_ = stride;
}

template <class Visit>
void DyadicInterpolant::visitNew(const Visit& visit) const {
  const std::int64_t half = stride_ / 2;
  for (std::int64_t row = 0; row < rows_; row += half)
    for (std::int64_t column = 0; column < columns_; column += half)
      if (column % stride_ != 0 || row % stride_ != 0) visit(column, row);
}

double DyadicInterpolant::predicted(const std::vector<double>& source, std::int64_t column, std::int64_t row, int points) const {
  const std::int64_t s = stride_;
  const auto alongX = [&](std::int64_t r) {
    if (column % s == 0) return source[index(column, r)];
    return between([&](std::int64_t k) { return source[index(k * s, r)]; }, (columns_ - 1) / s + 1, column / s, points);
  };
  if (row % s == 0) return alongX(row);
  return between([&](std::int64_t k) { return alongX(k * s); }, (rows_ - 1) / s + 1, row / s, points);
}

bool DyadicInterpolant::undecided(std::int64_t column, std::int64_t row) const {
  const std::int64_t s = stride_, c0 = column / s * s, r0 = row / s * s, c1 = column == c0 ? c0 : c0 + s, r1 = row == r0 ? r0 : r0 + s;
  int finite = 0;
  for (const std::int64_t c : {c0, c1})
    for (const std::int64_t r : {r0, r1}) finite += std::isfinite(values_[index(c, r)]);
  return finite != 0 && finite != 4;
}

std::vector<double> DyadicInterpolant::scaled(bool logarithmic) const {
  std::vector<double> out(values_.size(), kUnknown);
  for (std::int64_t row = 0; row < rows_; row += stride_)
    for (std::int64_t column = 0; column < columns_; column += stride_) {
      const double v = values_[index(column, row)];
      out[index(column, row)] = logarithmic && std::isfinite(v) ? std::log(v + shift_) : v;
    }
  return out;
}

double DyadicInterpolant::back(double value, bool logarithmic) const {
  if (kind_ == Kind::share) return std::isfinite(value) ? std::clamp(value, 0.0, 1.0) : value;
  return logarithmic ? std::exp(value) - shift_ : value;
}

double DyadicInterpolant::score(const Choice& choice, const std::vector<double>& source, const std::vector<double>& exact, const std::vector<std::size_t>& at) const {
  std::vector<double> errors;
  for (const std::size_t i : at) {
    const double e = relativeError(back(predicted(source, static_cast<std::int64_t>(i) % columns_, static_cast<std::int64_t>(i) / columns_, choice.points), choice.logarithmic), exact[i], floor_);
    if (std::isfinite(e)) errors.push_back(e);
  }
  if (errors.size() < kLeastSample) return kUnknown;
  const auto rank = errors.begin() + static_cast<std::ptrdiff_t>(kQuantile * static_cast<double>(errors.size() - 1));
  std::nth_element(errors.begin(), rank, errors.end());
  return *rank;
}

void DyadicInterpolant::choose(const std::vector<double>& exact, const std::vector<std::uint8_t>& computed) {
  std::vector<std::size_t> at;
  visitNew([&](std::int64_t column, std::int64_t row) {
    if (computed[index(column, row)] != 0) at.push_back(index(column, row));
  });
  const bool loss = kind_ == Kind::loss;
  double best = INFINITY;
  for (const bool logarithmic : {false, true}) {
    if (logarithmic && !(loss && shift_ > 0)) continue;
    const std::vector<double> source = scaled(logarithmic);
    for (const int points : {loss ? 6 : 4, loss ? 4 : 2}) {
      const double s = score({logarithmic, points}, source, exact, at);
      if (s < best) best = s, choice_ = {logarithmic, points};
    }
  }
}

void DyadicInterpolant::descend(const std::vector<double>& exact, const std::vector<std::uint8_t>& computed, double floor) {
  floor_ = floor;
  double lowest = 0;
  for (std::int64_t row = 0; row < rows_; row += stride_)
    for (std::int64_t column = 0; column < columns_; column += stride_)
      if (const double v = values_[index(column, row)]; std::isfinite(v)) lowest = std::min(lowest, v);
  shift_ = floor - lowest;
  if (!(shift_ > 0)) choice_.logarithmic = false;
  choose(exact, computed);
  const std::vector<double> source = scaled(choice_.logarithmic);
  visitNew([&](std::int64_t column, std::int64_t row) {
    const std::size_t i = index(column, row);
    const double p = back(predicted(source, column, row, choice_.points), choice_.logarithmic);
    values_[i] = computed[i] != 0 ? exact[i] : p;
    surplus_[i] = computed[i] != 0 ? relativeError(p, exact[i], floor) : kUnknown;
  });
  stride_ /= 2;
}

}  // namespace analysis
