// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/check/grid_oddities.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace analysis {
namespace {

constexpr double kNoise = 1e-3;        ///< of the range: below it no colour changes
constexpr double kOneSided = 0.5, kSpikeFactor = 2, kLogarithmFactor = 1, kShiftShare = 0.25;
constexpr std::int64_t kReach = 2;     ///< rows and columns that count as neighbours

double at(const SurfaceGrid& g, std::int64_t row, std::int64_t column) { return g.train.loss[static_cast<std::size_t>(row * g.columns() + column)]; }

Finding lowestPoint(const SurfaceGrid& g) {
  Finding f{.name = "lowest-point", .limit = kNoise};
  const LossRange range = rangeOf(g);
  const std::int64_t centre = centreCell(g);
  if (centre < 0 || !(range.span > 0)) {
    f.verdict = OddityVerdict::notApplicable;
    f.sentence = centre < 0 ? "no cell lies at (0, 0): the picture does not go through a checkpoint" : "all losses are the same";
    return f;
  }
  const auto lowest = static_cast<std::int64_t>(std::find(g.train.loss.begin(), g.train.loss.end(), range.low) - g.train.loss.begin());
  const double drop = g.train.loss[static_cast<std::size_t>(centre)] - range.low;
  f.value = drop / range.span;
  const auto x = g.x[static_cast<std::size_t>(lowest % g.columns())], y = g.y[static_cast<std::size_t>(lowest / g.columns())];
  f.verdict = f.value > f.limit ? OddityVerdict::found : OddityVerdict::passed;
  f.sentence = f.value > f.limit ? fmt::format("the lowest cell is at ({:.4g}, {:.4g}), {:.4g} below the centre: {:.2g} % of the range shown", x, y, drop, 100 * f.value)
                                 : fmt::format("the centre is the lowest cell to within {:.1g} % of the range", 100 * f.limit);
  if (f.verdict == OddityVerdict::found) f.advice = "the checkpoint is not a minimum along these axes: train on, or say so in the caption; log(L - min) puts the true lowest cell at the bottom";
  return f;
}

Finding symmetry(const SurfaceGrid& g) {
  Finding f{.name = "symmetry", .limit = kOneSided};
  const std::int64_t centre = centreCell(g), row0 = centre / g.columns(), column0 = centre % g.columns();
  double odd = 0, even = 0;
  if (centre >= 0)
    for (std::int64_t r = 0; r < g.rows(); ++r)
      for (std::int64_t c = 0; c < g.columns(); ++c) {
        const std::int64_t mr = 2 * row0 - r, mc = 2 * column0 - c;
        if (mr < 0 || mc < 0 || mr >= g.rows() || mc >= g.columns()) continue;
        const double a = at(g, r, c), b = at(g, mr, mc);
        if (std::isfinite(a + b)) odd += std::abs(a - b), even += std::abs(a + b - 2 * at(g, row0, column0));
      }
  if (!(odd + even > 0)) {
    f.verdict = OddityVerdict::notApplicable, f.sentence = "no two cells lie opposite each other across the centre";
    return f;
  }
  f.value = odd / std::max(even, odd * 1e-12);
  f.verdict = f.value > f.limit ? OddityVerdict::found : OddityVerdict::passed;
  f.sentence = fmt::format("opposite cells differ by {:.2g} of what the pair rises above the centre (0: symmetric)", f.value);
  if (f.verdict == OddityVerdict::found)
    f.advice = "the surface is one-sided: along a gradient or toward another run that is expected, along random axes it means a slope at the centre, or a range that goes past a kink on one side";
  return f;
}

Finding cells(const SurfaceGrid& g) {
  Finding f{.name = "cells", .limit = 0};
  std::int64_t missing = 0, nan = 0, infinite = 0;
  for (std::size_t i = 0; i < g.train.loss.size(); ++i) {
    if (!g.hasValue(i)) ++missing;
    else if (std::isnan(g.train.loss[i])) ++nan;
    else if (std::isinf(g.train.loss[i])) ++infinite;
  }
  f.value = static_cast<double>(missing + nan + infinite);
  f.verdict = f.value > 0 ? OddityVerdict::found : OddityVerdict::passed;
  f.sentence = f.value > 0 ? fmt::format("of {} cells {} were not computed, {} are NaN and {} infinite", g.train.loss.size(), missing, nan, infinite)
                           : fmt::format("all {} cells {} and are finite", g.train.loss.size(), g.interpolated.empty() ? "were computed" : "were computed or interpolated");
  if (missing > 0) f.advice = "it was stopped before it was done: compute it again with the same settings to fill the holes";
  if (nan + infinite > 0) f.advice += fmt::format("{}the network diverges there: they are drawn as such, a smaller range leaves them out, --precision double tells overflow from divergence", missing > 0 ? "; " : "");
  return f;
}

Finding logScale(const SurfaceGrid& g) {
  Finding f{.name = "log-scale", .limit = 0};
  f.value = static_cast<double>(std::count_if(g.train.loss.begin(), g.train.loss.end(), [](double v) { return v <= 0; }));
  f.verdict = f.value > 0 ? OddityVerdict::found : OddityVerdict::passed;
  f.sentence = f.value > 0 ? fmt::format("{:.0f} cells have a loss of 0 or less (lowest {:.4g}): a logarithm leaves them out", f.value, rangeOf(g).low) : "every loss is above 0: a logarithm shows all of them";
  if (f.value > 0) f.advice = "use the linear scale or log(L - min); a cross entropy below 0 is no cross entropy: the file may hold a logarithm already";
  return f;
}

/// Squares left when each odd row, moved by s, is compared with the mean of its neighbours; of log(1 + L - min), so that no far wall decides alone.
double squaresAt(const SurfaceGrid& g, double low, std::int64_t s) {
  const auto value = [&](std::int64_t r, std::int64_t c) { return std::log1p(at(g, r, c) - low); };
  double sum = 0;
  for (std::int64_t r = 1; r + 1 < g.rows(); r += 2)
    for (std::int64_t c = 1; c + 1 < g.columns(); ++c) {
      const double d = value(r, c + s) - 0.5 * (value(r - 1, c) + value(r + 1, c));
      if (std::isfinite(d)) sum += d * d;
    }
  return sum;
}

Finding rowShift(const SurfaceGrid& g) {
  Finding f{.name = "row-shift", .limit = kShiftShare};
  if (g.rows() < 5 || g.columns() < 5) {
    f.verdict = OddityVerdict::notApplicable, f.sentence = "it takes five rows and columns to see one row move against the next";
    return f;
  }
  const double low = rangeOf(g).low, straight = squaresAt(g, low, 0), left = squaresAt(g, low, -1), right = squaresAt(g, low, 1);
  f.value = straight > 0 ? std::min(left, right) / straight : 1;
  f.verdict = f.value < f.limit ? OddityVerdict::found : OddityVerdict::passed;
  f.sentence = f.verdict == OddityVerdict::found
                   ? fmt::format("every other row fits its neighbours {:.0f} times better when moved one step to the {}", 1 / std::max(f.value, 1e-9), left < right ? "right" : "left")
                   : "no row fits its neighbours better when it is moved";
  if (f.verdict == OddityVerdict::found) f.advice = "files of the loss-landscapes package are written so: open it with the rows put right, and say so";
  return f;
}

/// `v` against the finite neighbours of a cell. Asked of the losses and of their logarithms: a wall that grows tenfold a cell is
/// steep, not spiked (there it is a third of the spread above its neighbours).
bool standsOut(double v, const std::vector<double>& near, double factor) {
  const auto [low, high] = std::minmax_element(near.begin(), near.end());
  const double spread = *high - *low, size = std::max(std::abs(*high), std::abs(*low));
  const double out = std::max(v - *high, *low - v);
  return out > factor * spread && out > 1e-6 * size;
}

std::vector<double> logarithms(std::vector<double> values, double low) {
  for (double& v : values) v = std::log1p(v - low);
  return values;
}

}  // namespace

LossRange rangeOf(const SurfaceGrid& g) {
  LossRange r{INFINITY, -INFINITY, NAN};
  for (const double v : g.train.loss)
    if (std::isfinite(v)) r.low = std::min(r.low, v), r.high = std::max(r.high, v);
  if (r.low > r.high) return {NAN, NAN, NAN};
  r.span = r.high - r.low;
  return r;
}

std::int64_t centreCell(const SurfaceGrid& g) {
  const auto zero = [](const std::vector<double>& v) {
    const double cell = v.size() > 1 ? std::abs(v.back() - v.front()) / static_cast<double>(v.size() - 1) : 1;
    const auto at = std::find_if(v.begin(), v.end(), [&](double x) { return std::abs(x) < 1e-6 * cell; });
    return at == v.end() ? std::int64_t{-1} : static_cast<std::int64_t>(at - v.begin());
  };
  const std::int64_t row = zero(g.y), column = zero(g.x);
  return row < 0 || column < 0 ? -1 : row * g.columns() + column;
}

std::vector<Spike> spikesOf(const SurfaceGrid& g) {
  std::vector<Spike> spikes;
  const double low = rangeOf(g).low;
  const std::int64_t centre = centreCell(g), reach = g.rows() > 1 ? kReach : 2 * kReach;
  for (std::int64_t r = 0; r < g.rows(); ++r)
    for (std::int64_t c = 0; c < g.columns(); ++c) {
      if (r * g.columns() + c == centre || !std::isfinite(at(g, r, c))) continue;
      std::vector<double> near;
      for (std::int64_t i = std::max<std::int64_t>(0, r - reach); i <= std::min(g.rows() - 1, r + reach); ++i)
        for (std::int64_t j = std::max<std::int64_t>(0, c - reach); j <= std::min(g.columns() - 1, c + reach); ++j)
          if ((i != r || j != c) && std::isfinite(at(g, i, j))) near.push_back(at(g, i, j));
      if (near.size() < 4 || !standsOut(at(g, r, c), near, kSpikeFactor) || !standsOut(std::log1p(at(g, r, c) - low), logarithms(near, low), kLogarithmFactor)) continue;
      std::nth_element(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(near.size() / 2), near.end());
      spikes.push_back({r, c, at(g, r, c), near[near.size() / 2]});
    }
  return spikes;
}

std::vector<Finding> lossOddities(const SurfaceGrid& g) { return {lowestPoint(g), symmetry(g), cells(g), logScale(g), rowShift(g)}; }

std::vector<Finding> gridOddities(const SurfaceResult& surface, const std::vector<SurfaceResult>& beside) {
  std::vector<Finding> all = lossOddities(surface.grid);
  for (Finding& f : axisOddities(surface, beside)) all.push_back(std::move(f));
  return all;
}

}  // namespace analysis
