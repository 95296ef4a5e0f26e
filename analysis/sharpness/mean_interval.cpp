// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/sharpness/mean_interval.h"

#include <cmath>
#include <stdexcept>

#include "analysis/spectrum/estimate.h"

namespace analysis {

MeanEstimate estimateMean(const std::vector<double>& draws) {
  if (draws.size() < 2) throw std::invalid_argument("a standard error needs at least two draws");
  const auto n = static_cast<double>(draws.size());
  MeanEstimate e;
  for (const double d : draws) e.mean += d / n;
  double squares = 0;
  for (const double d : draws) squares += (d - e.mean) * (d - e.mean);
  e.standardError = std::sqrt(squares / (n - 1) / n);
  const SkewedMean mean{e.mean, e.standardError, skewnessOf(draws), static_cast<std::int64_t>(draws.size())};
  const Interval most = skewedInterval(mean, kZ68), nearlyAll = skewedInterval(mean, kZ95);
  e.interval68 = {most.low, most.high}, e.interval95 = {nearlyAll.low, nearlyAll.high};
  return e;
}

}  // namespace analysis
