// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/bench/in_turn.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>

namespace analysis {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kCoverage = 0.95, kMostTimes = 20;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double secondsOf(const Piece& piece, std::int64_t times) {
  const Clock::time_point start = Clock::now();
  for (std::int64_t i = 0; i < times; ++i) piece().flatten().select(0, 0).item();
  return secondsSince(start) / static_cast<double>(times);
}

/// 1 - 2 P(Bin(n, 1/2) < k): that the k-th smallest and the k-th largest of n values have the median between them.
double coverageOf(std::size_t k, std::size_t n) {
  double below = 0, term = std::pow(0.5, static_cast<double>(n));
  for (std::size_t i = 0; i < k; ++i) {
    below += term;
    term *= static_cast<double>(n - i) / static_cast<double>(i + 1);
  }
  return 1 - 2 * below;
}

}  // namespace

std::vector<std::vector<double>> timeInTurn(const std::vector<Piece>& pieces, const TurnOptions& options, const trainer::Context& context) {
  std::vector<std::vector<double>> seconds(pieces.size());
  std::vector<std::int64_t> times;
  for (const Piece& piece : pieces) {
    context.checkpoint();
    times.push_back(static_cast<std::int64_t>(std::clamp(std::ceil(options.piece / secondsOf(piece, 1)), 1.0, kMostTimes)));
  }
  const Clock::time_point start = Clock::now();
  for (std::int64_t round = 0; round < options.most && (round < options.least || secondsSince(start) < options.seconds); ++round)
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      context.checkpoint();
      const std::size_t p = round % 2 == 0 ? i : pieces.size() - 1 - i;
      seconds[p].push_back(secondsOf(pieces[p], times[p]));
    }
  return seconds;
}

BenchQuantity medianOf(std::string name, std::vector<double> values) {
  if (values.empty()) throw std::invalid_argument(fmt::format("{}: a median needs at least one value, got none", name));
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  std::size_t k = 1;
  while (k + 1 <= n / 2 && coverageOf(k + 1, n) >= kCoverage) ++k;
  return {.name = std::move(name), .value = (values[(n - 1) / 2] + values[n / 2]) / 2, .low = values[k - 1], .high = values[n - k], .coverage = coverageOf(k, n),
          .repetitions = static_cast<std::int64_t>(n)};
}

BenchQuantity medianRatio(std::string name, const std::vector<double>& work, const std::vector<double>& unit, double times) {
  if (work.size() != unit.size()) throw std::invalid_argument(fmt::format("{}: {} and {} values make no pairs", name, work.size(), unit.size()));
  std::vector<double> ratios(work.size());
  for (std::size_t i = 0; i < work.size(); ++i) ratios[i] = work[i] / (times * unit[i]);
  return medianOf(std::move(name), std::move(ratios));
}

BenchQuantity counted(std::string name, double value) { return {.name = std::move(name), .value = value, .low = value, .high = value}; }

}  // namespace analysis
