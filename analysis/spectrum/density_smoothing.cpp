// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/density_smoothing.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace analysis {

double defaultWidth(const std::vector<double>& nodes, std::int64_t steps) {
  if (nodes.empty()) return 1;
  const auto [low, high] = std::minmax_element(nodes.begin(), nodes.end());
  const double width = (*high - *low) / static_cast<double>(std::max<std::int64_t>(steps, 1));
  return width > 0 ? width : 1;
}

DensityCurve smoothDensity(const std::vector<double>& nodes, const std::vector<double>& weights, double width, std::int64_t points) {
  if (nodes.empty() || weights.size() != nodes.size()) throw std::invalid_argument("a density needs nodes and a weight for each");
  if (!(width > 0) || points < 2) throw std::invalid_argument("a density is smoothed with a width above 0 at 2 points or more");
  const auto [low, high] = std::minmax_element(nodes.begin(), nodes.end());
  const double from = *low - 3 * width, step = (*high - *low + 6 * width) / static_cast<double>(points - 1);
  const double height = 1 / (width * std::sqrt(2 * std::numbers::pi));
  DensityCurve curve;
  for (std::int64_t k = 0; k < points; ++k) {
    const double x = from + step * static_cast<double>(k);
    double sum = 0;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const double z = (x - nodes[i]) / width;
      sum += weights[i] * std::exp(-0.5 * z * z);
    }
    curve.x.push_back(x);
    curve.y.push_back(sum * height);
  }
  return curve;
}

}  // namespace analysis
