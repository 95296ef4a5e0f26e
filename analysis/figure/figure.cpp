// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/figure/figure.h"

#include <algorithm>
#include <cmath>

namespace analysis {
namespace {

constexpr Colour rgb(unsigned hex) { return {(hex >> 16) / 255.0, ((hex >> 8) & 255) / 255.0, (hex & 255) / 255.0, 1}; }

/// matplotlib's viridis (CC0) at 33 equal steps; between them linear, within 0.007 of the 256 entries.
constexpr double kViridis[33][3] = {
    {0.2670, 0.0049, 0.3294}, {0.2770, 0.0502, 0.3755}, {0.2823, 0.0946, 0.4170}, {0.2829, 0.1354, 0.4530}, {0.2789, 0.1749, 0.4830},
    {0.2708, 0.2133, 0.5066}, {0.2593, 0.2507, 0.5244}, {0.2454, 0.2867, 0.5370}, {0.2302, 0.3213, 0.5455}, {0.2148, 0.3545, 0.5510},
    {0.2000, 0.3864, 0.5545}, {0.1861, 0.4173, 0.5567}, {0.1733, 0.4474, 0.5579}, {0.1613, 0.4770, 0.5581}, {0.1497, 0.5064, 0.5573},
    {0.1384, 0.5358, 0.5551}, {0.1281, 0.5651, 0.5509}, {0.1209, 0.5945, 0.5442}, {0.1203, 0.6238, 0.5343}, {0.1310, 0.6529, 0.5208},
    {0.1554, 0.6815, 0.5032}, {0.1930, 0.7096, 0.4812}, {0.2415, 0.7366, 0.4545}, {0.2986, 0.7624, 0.4230}, {0.3629, 0.7867, 0.3866},
    {0.4330, 0.8091, 0.3453}, {0.5081, 0.8292, 0.2992}, {0.5873, 0.8470, 0.2489}, {0.6694, 0.8622, 0.1954}, {0.7529, 0.8751, 0.1427},
    {0.8359, 0.8861, 0.1025}, {0.9166, 0.8961, 0.1008}, {0.9932, 0.9062, 0.1439}};

std::vector<double> powersOfTen(double from, double to, std::int64_t count) {
  const int first = static_cast<int>(std::ceil(std::log10(from) - 1e-9)), last = static_cast<int>(std::floor(std::log10(to) + 1e-9));
  std::vector<double> ticks;
  const int stride = std::max(1, static_cast<int>(std::ceil((last - first + 1) / static_cast<double>(std::max<std::int64_t>(1, count)))));
  for (int e = first; e <= last; e += stride) ticks.push_back(std::pow(10.0, e));
  if (ticks.size() >= 2) return ticks;
  // Less than two decades: 1, 2 and 5 times a power of ten.
  ticks.clear();
  for (int e = first - 1; e <= last; ++e)
    for (const double m : {1.0, 2.0, 5.0})
      if (const double v = m * std::pow(10.0, e); v >= from * (1 - 1e-9) && v <= to * (1 + 1e-9)) ticks.push_back(v);
  return ticks;
}

}  // namespace

SeriesStyle runStyle(std::size_t index) {
  static const SeriesStyle styles[] = {
      {rgb(0x0072B2), LineStyle::solid, Marker::circle, false, 1.4},  {rgb(0xD98E00), LineStyle::dash, Marker::square, false, 1.4},
      {rgb(0x009E73), LineStyle::dashDot, Marker::triangle, false, 1.4}, {rgb(0xB4568A), LineStyle::dot, Marker::diamond, false, 1.4},
      {rgb(0xC4500A), LineStyle::dash, Marker::circle, true, 1.4},     {rgb(0x5B6570), LineStyle::dashDot, Marker::square, true, 1.4}};
  return styles[index % std::size(styles)];
}

std::vector<double> niceTicks(double from, double to, std::int64_t count, Scale scale) {
  if (!(to > from) || !std::isfinite(from) || !std::isfinite(to)) return {};
  if (scale == Scale::log) return from > 0 ? powersOfTen(from, to, count) : std::vector<double>{};
  const double wanted = (to - from) / static_cast<double>(std::max<std::int64_t>(1, count));
  const double power = std::pow(10.0, std::floor(std::log10(wanted)));
  double step = 10 * power;
  for (const double m : {5.0, 2.0, 1.0})
    if (m * power >= wanted * (1 - 1e-9)) step = m * power;
  std::vector<double> ticks;
  for (auto i = static_cast<std::int64_t>(std::ceil(from / step - 1e-9)); static_cast<double>(i) * step <= to + 1e-9 * step; ++i)
    ticks.push_back(static_cast<double>(i) * step);
  return ticks;
}

Colour viridis(double t) {
  if (!(t > 0)) t = 0;
  const double at = std::min(t, 1.0) * 32;
  const auto i = std::min<std::size_t>(31, static_cast<std::size_t>(at));
  const double f = at - static_cast<double>(i);
  const auto mix = [&](int c) { return kViridis[i][c] + f * (kViridis[i + 1][c] - kViridis[i][c]); };
  return {mix(0), mix(1), mix(2), 1};
}

}  // namespace analysis
