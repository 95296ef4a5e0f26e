// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string_view>

#include "analysis/sharpness/measure_sharpness.h"

namespace analysis {
namespace {

constexpr std::int64_t kFewestDraws = 20;

void requireAll(std::string_view flag, const std::vector<std::string>& words, std::initializer_list<std::string_view> known) {
  if (words.empty()) throw std::invalid_argument(fmt::format("{} needs one of: {}", flag, fmt::join(known, ", ")));
  for (const std::string& word : words)
    if (std::ranges::find(known, word) == known.end())
      throw std::invalid_argument(fmt::format("{} '{}' is unknown; this version has: {}", flag, word, fmt::join(known, ", ")));
}

void requirePositive(std::string_view flag, const std::vector<double>& values) {
  for (const double v : values)
    if (!(v > 0) || !std::isfinite(v)) throw std::invalid_argument(fmt::format("{} must be numbers > 0, got {}", flag, v));
}

void requireAtLeast(std::string_view flag, std::int64_t value, std::int64_t least, std::string_view why) {
  if (value < least) throw std::invalid_argument(fmt::format("{} {} is below {}{}", flag, value, least, why));
}

}  // namespace

void validate(const SharpnessSpec& spec) {
  requireAll("--kind", spec.kinds, {"worst", "one-step", "average"});
  requireAll("--norm", spec.norms, {"l2", "linf"});
  requireAll("--adaptive", spec.scales, {"plain", "adaptive"});
  requirePositive("--rho", spec.rho);
  requirePositive("--penalty-rho", spec.penaltyRho);
  if (spec.pacBayes) requirePositive("--pac-bayes", {*spec.pacBayes});
  requireAtLeast("--group", spec.group, 0, "");
  requireAtLeast("--iterations", spec.iterations, 1, "");
  requireAtLeast("--restarts", spec.restarts, 0, "");
  requireAtLeast("--draws", spec.draws, kFewestDraws, ": fewer give no standard error to trust");
  requireAtLeast("--probes", spec.probes, kFewestDraws, ": fewer give no standard error to trust");
}

std::vector<double> defaultRho(const std::string& kind, const std::string& norm, bool adaptive) {
  if (kind == "average") return {0.05, 0.1, 0.2, 0.4};
  if (norm == "l2") return {0.25, 0.5, 1, 2};
  if (adaptive) return {0.01, 0.02, 0.04, 0.08};
  return {0.0005, 0.001, 0.002, 0.004};
}

}  // namespace analysis
