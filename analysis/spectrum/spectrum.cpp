// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/spectrum.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <stdexcept>

namespace analysis {

std::optional<double> minOverMax(const Spectrum& s) {
  if (s.top.empty() || s.bottom.empty() || !(s.top.front().value > 0)) return {};
  return std::abs(s.bottom.front().value) / s.top.front().value;
}

std::optional<double> maxOverFifth(const Spectrum& s) {
  constexpr std::size_t fifth = 4;
  if (s.top.size() <= fifth || !(s.top[fifth].value > 0)) return {};
  return s.top.front().value / s.top[fifth].value;
}

void setDensity(SpectrumSpec& spec, const std::string& word) {
  const char *from = word.data(), *to = word.data() + word.size();
  const auto first = std::from_chars(from, to, spec.densityProbes);
  const bool cross = first.ec == std::errc() && first.ptr != to && *first.ptr == 'x';
  const auto second = cross ? std::from_chars(first.ptr + 1, to, spec.densitySteps) : first;
  if (!cross || second.ec != std::errc() || second.ptr != to || spec.densityProbes < 1 || spec.densitySteps < 1)
    throw std::invalid_argument(fmt::format("--density '{}' is not PROBESxSTEPS, for example 20x60", word));
}

std::string densityWord(const SpectrumSpec& spec) { return fmt::format("{}x{}", spec.densityProbes, spec.densitySteps); }

}  // namespace analysis
