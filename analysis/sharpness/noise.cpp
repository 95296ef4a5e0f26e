// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/sharpness/noise.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>

#include "trainer/base/error.h"
#include "trainer/base/random.h"

namespace analysis {
namespace {

constexpr double kSmallest = 1e-8, kLargest = 1e4, kFirst = 0.01, kFactor = 4, kTolerance = 1e-3, kSlopeStep = 1.1;

/// The rise as a function of sigma, counted.
class Rise {
 public:
  Rise(const NoisePoint& at, const Context& context) : at_(at), context_(context) {}
  double operator()(double sigma) {
    evaluations += at_.draws;
    last = averageRise(at_, sigma, context_);
    return last.mean;
  }
  MeanEstimate last;
  std::int64_t evaluations = 0;

 private:
  const NoisePoint& at_;
  const Context& context_;
};

struct Bracket {
  double low = 0, high = 0, riseLow = 0, riseHigh = 0;  ///< riseLow <= target < riseHigh
};

Bracket bracketed(Rise& rise, double target) {
  Bracket b{kFirst, kFirst, rise(kFirst), 0};
  b.riseHigh = b.riseLow;
  while (b.riseLow > target || !std::isfinite(b.riseLow)) {
    b.high = b.low, b.riseHigh = b.riseLow;
    b.low /= kFactor;
    if (b.low < kSmallest) throw trainer::NumericalError(fmt::format("the loss rises by more than {:g} at every deviation down to {:g}; there is no PAC-Bayes sigma", target, kSmallest));
    b.riseLow = rise(b.low);
  }
  while (!(b.riseHigh > target)) {
    b.low = b.high, b.riseLow = b.riseHigh;
    b.high *= kFactor;
    if (b.high > kLargest) throw trainer::NumericalError(fmt::format("the loss rises by no more than {:g} at every deviation up to {:g}; there is no PAC-Bayes sigma", target, kLargest));
    b.riseHigh = rise(b.high);
  }
  return b;
}

/// Where the straight line in log-log crosses, kept inside; the middle where a rise is not positive and finite, and every second time.
double guess(const Bracket& b, double target, bool middle) {
  const double width = std::log(b.high / b.low);
  double share = 0.5;
  if (!middle && b.riseLow > 0 && std::isfinite(b.riseHigh)) share = std::clamp(std::log(target / b.riseLow) / std::log(b.riseHigh / b.riseLow), 0.02, 0.98);
  return b.low * std::exp(share * width);
}

}  // namespace

MeanEstimate averageRise(const NoisePoint& at, double sigma, const Context& context) {
  std::vector<double> rises;
  for (std::int64_t i = 0; i < at.draws; ++i) {
    context.checkpoint();
    const at::Tensor delta = at.ball.scaled(gaussianLike(at.objective.theta0(), trainer::deriveSeed(at.seed, fmt::format("noise/{}", i)))) * sigma;
    const double rise = at.objective.evaluate(at.objective.theta0() + delta).loss - at.loss - dotOf(at.gradient, delta);
    if (!std::isfinite(rise)) return {.mean = std::numeric_limits<double>::infinity(), .standardError = std::numeric_limits<double>::quiet_NaN()};
    rises.push_back(rise);
  }
  return estimateMean(rises);
}

PacBayesSigma pacBayesSigma(const NoisePoint& at, double target, const Context& context) {
  Rise rise(at, context);
  Bracket b = bracketed(rise, target);
  for (int k = 0; std::log(b.high / b.low) > kTolerance; ++k) {
    const double sigma = guess(b, target, k % 3 == 2), value = rise(sigma);
    if (value <= target) b.low = sigma, b.riseLow = value;
    else b.high = sigma, b.riseHigh = value;
    // From here on one end hardly moves: the other is brought as near as is asked for.
    if (b.riseLow > 0 && std::isfinite(b.riseHigh) && target - b.riseLow < kTolerance * target) break;
  }
  PacBayesSigma s{.adaptive = at.ball.adaptive(), .target = target, .sigma = b.low};
  const double above = rise(b.low * kSlopeStep), below = rise(b.low / kSlopeStep);
  s.rise = rise(b.low);
  const MeanEstimate at0 = rise.last;
  const double slope = std::log(above / below) / (2 * std::log(kSlopeStep));
  s.standardError = s.sigma * at0.standardError / (std::abs(s.rise) * slope);
  const auto sigmaFor = [&](double expected) { return expected > 0 ? s.sigma * std::pow(target / expected, 1 / slope) : std::numeric_limits<double>::infinity(); };
  s.interval68 = {sigmaFor(at0.interval68.high), sigmaFor(at0.interval68.low)};
  s.interval95 = {sigmaFor(at0.interval95.high), sigmaFor(at0.interval95.low)};
  s.draws = at.draws, s.evaluations = rise.evaluations;
  return s;
}

}  // namespace analysis
