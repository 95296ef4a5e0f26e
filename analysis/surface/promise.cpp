// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/promise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "trainer/base/random.h"

namespace analysis {
namespace {

constexpr std::size_t kLeastPart = 15;

/// Bits of column and row in turn: neighbours on the grid are near each other.
std::uint64_t alongZ(std::uint64_t column, std::uint64_t row) {
  std::uint64_t z = 0;
  for (unsigned bit = 0; bit < 16; ++bit) z |= (column >> bit & 1) << (2 * bit) | (row >> bit & 1) << (2 * bit + 1);
  return z;
}

}  // namespace

std::vector<std::size_t> drawHeldBack(const std::vector<std::uint8_t>& computed, std::int64_t columns, std::uint64_t seed) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < computed.size(); ++i)
    if (computed[i] == 0) open.push_back(i);
  constexpr auto n = static_cast<std::size_t>(kHeldBack);
  if (open.size() <= n) return open;
  trainer::RandomStream random(seed);
  const auto width = static_cast<std::size_t>(columns);
  const bool parts = open.size() >= n * kLeastPart;
  if (parts) std::ranges::sort(open, {}, [&](std::size_t i) { return alongZ(i % width, i / width); });
  std::vector<std::size_t> drawn;
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t from = parts ? k * open.size() / n : k, to = parts ? (k + 1) * open.size() / n : open.size();
    const std::size_t at = from + random.below(to - from);
    drawn.push_back(open[at]);
    if (!parts) std::swap(open[k], open[at]);
  }
  return drawn;
}

double missProbability(std::int64_t points, std::int64_t draws) {
  // d/dp of (1 - p)^n (p - V) is 0 at p = (1 + n V)/(n + 1).
  const auto n = static_cast<double>(points);
  double v = 0;
  for (std::int64_t m = 0; m < draws; ++m) {
    const double p = (1 + n * v) / (n + 1);
    v += std::pow(1 - p, n) * (p - v);
  }
  return v;
}

std::string promiseText(const ErrorPromise& p) {
  if (p.interpolated == 0) return "every point was computed";
  return fmt::format("within {:g} % at {:g} % of points (worst of {} checked {:.2g} %)", 100 * p.tolerance, 100 * p.coverage, p.heldBack,
                     100 * std::max(p.worstSeen, p.testWorstSeen));
}

}  // namespace analysis
