// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/extrapolate.h"

#include <cmath>

#include "trainer/base/random.h"

namespace analysis {
namespace {

constexpr int kResamples = 200;
constexpr std::int64_t kLeastSamples = 32;

struct Line {
  double at0 = 0, slope = 0;
};

/// Weighted least squares of lambda on 1/N; `pick(size, k)` is the subset that stands for the k-th.
template <class Pick>
Line fit(const std::vector<SubsampleSize>& sizes, const Pick& pick) {
  double w = 0, wx = 0, wy = 0, wxx = 0, wxy = 0;
  for (const SubsampleSize& s : sizes)
    for (std::size_t k = 0; k < s.lambdaMax.size(); ++k) {
      const auto weight = static_cast<double>(s.samples);
      const double x = 1 / weight, y = s.lambdaMax[pick(s, k)];
      w += weight, wx += weight * x, wy += weight * y, wxx += weight * x * x, wxy += weight * x * y;
    }
  const double determinant = w * wxx - wx * wx;
  if (determinant <= 0) return {wy / w, 0};  // one size: nothing to extrapolate from
  const double slope = (w * wxy - wx * wy) / determinant;
  return {(wy - slope * wx) / w, slope};
}

void summarise(SubsampleSize& s) {
  const auto n = static_cast<double>(s.lambdaMax.size());
  double sum = 0, squares = 0;
  for (const double v : s.lambdaMax) sum += v;
  s.mean = sum / n;
  for (const double v : s.lambdaMax) squares += (v - s.mean) * (v - s.mean);
  s.deviation = n > 1 ? std::sqrt(squares / (n - 1)) : 0;
}

double spreadAt(const std::vector<SubsampleSize>& sizes, double x, std::uint64_t seed) {
  trainer::RandomStream stream(trainer::deriveSeed(seed, "resample"));
  SubsampleSize lines;  // for its deviation
  for (int r = 0; r < kResamples; ++r) {
    const Line line = fit(sizes, [&](const SubsampleSize& s, std::size_t) { return static_cast<std::size_t>(stream.below(s.lambdaMax.size())); });
    lines.lambdaMax.push_back(line.at0 + line.slope * x);
  }
  summarise(lines);
  return lines.deviation;
}

}  // namespace

std::vector<std::int64_t> subsampleSizes(std::int64_t n) {
  std::vector<std::int64_t> sizes;
  for (const std::int64_t part : {16, 8, 4, 2})
    if (n / part >= kLeastSamples) sizes.push_back(n / part);
  return sizes;
}

Extrapolation extrapolate(const Eigenvalue& whole, std::int64_t n, std::int64_t population, std::int64_t subsets, std::uint64_t seed, const SubsetMeasure& measure) {
  Extrapolation e;
  e.population = population;
  for (const std::int64_t samples : subsampleSizes(n)) {
    SubsampleSize size{.samples = samples, .lambdaMax = {}, .residual = {}, .mean = 0, .deviation = 0};
    for (std::int64_t k = 0; k < subsets; ++k) {
      const Eigenvalue value = measure(samples, k);
      size.lambdaMax.push_back(value.value);
      size.residual.push_back(value.residual);
    }
    e.sizes.push_back(size);
  }
  e.sizes.push_back({.samples = n, .lambdaMax = {whole.value}, .residual = {whole.residual}, .mean = 0, .deviation = 0});
  for (SubsampleSize& size : e.sizes) summarise(size);
  const Line line = fit(e.sizes, [](const SubsampleSize&, std::size_t k) { return k; });
  const double x = 1 / static_cast<double>(population);
  e.atPopulation = line.at0 + line.slope * x;
  e.atInfinity = line.at0;
  e.spread = spreadAt(e.sizes, x, seed);
  return e;
}

}  // namespace analysis
