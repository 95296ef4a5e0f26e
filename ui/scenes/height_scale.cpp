// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/height_scale.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace ui {
namespace {

/// Between equal steps, linear.
template <std::size_t N>
analysis::Colour between(const std::array<std::uint32_t, N>& steps, double t) {
  const double at = std::clamp(t, 0.0, 1.0) * (N - 1);
  const auto low = std::min(static_cast<std::size_t>(at), N - 2);
  const double w = at - static_cast<double>(low);
  const auto part = [&](int shift) {
    const auto byte = [&](std::size_t i) { return static_cast<double>((steps[i] >> shift) & 0xFF) / 255; };
    return (1 - w) * byte(low) + w * byte(low + 1);
  };
  return {.r = part(16), .g = part(8), .b = part(0)};
}

/// matplotlib's cividis (CC0) at 16 equal steps, and ColorBrewer's PuOr (Apache 2.0) at its 11, orange at the top.
constexpr std::array<std::uint32_t, 16> kCividis{0x00224E, 0x002E6C, 0x21396F, 0x38446D, 0x4A4F6C, 0x595A6D, 0x66666F, 0x727274,
                                                 0x807E79, 0x8F8A78, 0x9E9676, 0xADA371, 0xBEB16A, 0xCFBF61, 0xE1CE54, 0xFEE838};
constexpr std::array<std::uint32_t, 11> kPurpleOrange{0x2D004B, 0x542788, 0x8073AC, 0xB2ABD2, 0xD8DAEB, 0xF7F7F7,
                                                      0xFEE0B6, 0xFDB863, 0xE08214, 0xB35806, 0x7F3B08};

}  // namespace

analysis::Colour colourOf(ColourMap map, double t) {
  if (map == ColourMap::cividis) return between(kCividis, t);
  return map == ColourMap::diverging ? between(kPurpleOrange, t) : analysis::viridis(t);
}

double HeightScale::fraction(double value) const {
  switch (kind) {
    case ScaleKind::linear:
      return (value - from) / (to - from);
    case ScaleKind::log:
      if (value <= 0) return std::numeric_limits<double>::quiet_NaN();
      return std::log(value / from) / std::log(to / from);
    case ScaleKind::logAboveMinimum:
      if (value <= minimum) return -std::numeric_limits<double>::infinity();
      return std::log((value - minimum) / (from - minimum)) / std::log((to - minimum) / (from - minimum));
  }
  return 0;
}

double HeightScale::loss(double fraction) const {
  switch (kind) {
    case ScaleKind::linear:
      return from + fraction * (to - from);
    case ScaleKind::log:
      return from * std::pow(to / from, fraction);
    case ScaleKind::logAboveMinimum:
      return minimum + (from - minimum) * std::pow((to - minimum) / (from - minimum), fraction);
  }
  return 0;
}

std::vector<double> HeightScale::contourLevels(int count) const {
  std::vector<double> levels;
  for (int i = 1; i <= count; ++i) levels.push_back(loss(static_cast<double>(i) / (count + 1)));
  return levels;
}

std::vector<double> HeightScale::ticks(int count) const {
  if (kind == ScaleKind::linear) return analysis::niceTicks(from, to, count, analysis::Scale::linear);
  if (kind == ScaleKind::log) {
    auto powers = analysis::niceTicks(from, to, count, analysis::Scale::log);
    if (powers.size() >= 2) return powers;
  }
  return {loss(0), loss(0.5), loss(1)};
}

HeightScale sharedScale(ScaleKind kind, const std::vector<SurfaceSnapshot>& surfaces) {
  const double infinity = std::numeric_limits<double>::infinity();
  double least = infinity, most = -infinity, leastPositive = infinity;
  std::vector<double> values;
  for (const SurfaceSnapshot& surface : surfaces) {
    for (std::int64_t r = 0; r < surface.grid->rows(); r += surface.stride) {
      for (std::int64_t c = 0; c < surface.grid->columns(); c += surface.stride) {
        if (pointState(surface, r, c) != PointState::computed) continue;
        values.push_back(surface.shown()[static_cast<std::size_t>(r * surface.grid->columns() + c)]);
        least = std::min(least, values.back());
        most = std::max(most, values.back());
        if (values.back() > 0) leastPositive = std::min(leastPositive, values.back());
      }
    }
  }
  HeightScale scale{.kind = kind};
  if (values.empty()) return kind == ScaleKind::linear ? scale : HeightScale{.kind = kind, .from = 0.1, .to = 1, .minimum = 0};
  const double width = most > least ? most - least : std::max(std::abs(most), 1e-12);
  scale.to = most > least ? most : least + width;
  scale.from = least >= 0 && least < 0.25 * most ? 0 : least;
  scale.minimum = least;
  if (kind == ScaleKind::log) {
    scale.from = std::isfinite(leastPositive) ? leastPositive : 0.1;
    if (scale.to <= scale.from) scale.to = 10 * scale.from;
  } else if (kind == ScaleKind::logAboveMinimum) {
    double nearest = width;
    for (const double value : values) {
      if (value > least) nearest = std::min(nearest, value - least);
    }
    scale.from = least + std::min(std::max(nearest, 1e-4 * width), 0.5 * width);
  }
  return scale;
}

HeightScale differenceScale(const SurfaceSnapshot& difference) {
  double most = 0;
  for (const double value : difference.shown())
    if (std::isfinite(value)) most = std::max(most, std::abs(value));
  if (most == 0) most = 1;
  return {.kind = ScaleKind::linear, .from = -most, .to = most, .minimum = -most, .map = ColourMap::diverging};
}

std::string numberText(double value, int digits) {
  if (!std::isfinite(value)) return std::isnan(value) ? "\u2013" : "diverged";
  std::string text = fmt::format("{:.{}g}", value == 0 ? 0.0 : value, digits);  // no "-0"
  for (std::size_t at = text.find('-'); at != std::string::npos; at = text.find('-', at + 3)) text.replace(at, 1, "\u2212");
  return text;
}

}  // namespace ui
