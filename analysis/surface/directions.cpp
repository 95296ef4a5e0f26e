// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/directions.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "analysis/surface/plain_sums.h"
#include "trainer/base/random.h"

namespace analysis {
namespace {

/// g <- g ||w|| / ||g||, zero where either is zero.
void takeNorm(std::span<double> g, std::span<const double> w) {
  const double length = norm(g);
  const double factor = length > 0 ? norm(w) / length : 0;
  for (double& v : g) v *= factor;
}

void scaleOneD(std::span<double> g, std::span<const double> w, const std::string& rule) {
  if (rule == "norm") return takeNorm(g, w);
  for (std::size_t i = 0; i < g.size(); ++i) g[i] = rule == "elementwise" ? g[i] * std::abs(w[i]) : 0.0;
}

void scaleTensor(std::span<double> g, std::span<const double> w, std::int64_t filters, const std::string& rule) {
  if (rule == "none") return;
  const std::size_t parts = rule == "filter" ? static_cast<std::size_t>(filters) : 1, width = g.size() / parts;
  for (std::size_t f = 0; f < parts; ++f) takeNorm(g.subspan(f * width, width), w.subspan(f * width, width));
}

/// Rows of an embedding, output channels of any other weight.
std::int64_t filtersOf(const trainer::ParameterSlice& slice) {
  return slice.kind == trainer::ParameterKind::embedding ? slice.count() / slice.shape.back() : slice.shape.front();
}

}  // namespace

at::Tensor randomDirection(const trainer::ParameterLayout& layout, const at::Tensor& theta, const RandomDirectionOptions& options) {
  const at::Tensor weights = doublesOnCpu(theta);
  at::Tensor direction = at::empty({layout.size()}, at::kDouble);
  for (const trainer::ParameterSlice& slice : layout.slices()) {
    const auto offset = static_cast<std::size_t>(slice.offset), count = static_cast<std::size_t>(slice.count());
    const std::span<double> g = mutableNumbers(direction).subspan(offset, count);
    const std::span<const double> w = numbers(weights).subspan(offset, count);
    trainer::fillNormal(g, trainer::deriveSeed(trainer::deriveSeed(options.seed, options.axis), slice.name));
    if (slice.shape.size() < 2)
      scaleOneD(g, w, options.oneD);
    else
      scaleTensor(g, w, filtersOf(slice), options.normalise);
  }
  return direction;
}

}  // namespace analysis
