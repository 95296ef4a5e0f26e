// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/sharpness/ascent.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "trainer/base/random.h"

namespace analysis {
namespace {

constexpr double kMomentum = 0.75, kRisingShare = 0.75;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Steps between two looks at the step's length: 22 % of the iterations, then 3 % less each time, at least 6 %.
class Checkpoints {
 public:
  explicit Checkpoints(std::int64_t iterations)
      : least_(std::max<std::int64_t>(1, iterations * 6 / 100)), less_(std::max<std::int64_t>(1, iterations * 3 / 100)),
        period_(std::max<std::int64_t>(1, iterations * 22 / 100)) {}
  /// One more step, which rose or not, and the best value since. @returns whether the step's length is to be halved.
  bool halve(bool rose, double best) {
    rising_ += rose ? 1 : 0;
    if (++steps_ < period_) return false;
    const bool oscillates = static_cast<double>(rising_) < kRisingShare * static_cast<double>(steps_);
    const bool stands = !halvedBefore_ && best <= bestBefore_;
    halvedBefore_ = oscillates || stands;
    bestBefore_ = best;
    period_ = std::max(period_ - less_, least_);
    steps_ = rising_ = 0;
    return halvedBefore_;
  }

 private:
  std::int64_t least_, less_, period_, steps_ = 0, rising_ = 0;
  bool halvedBefore_ = false;
  double bestBefore_ = -kInfinity;
};

/// One ascent from one start.
class Climb {
 public:
  Climb(Objective& objective, const Ball& ball, double loss, const AscentOptions& options, const Context& context)
      : objective_(objective), ball_(ball), loss_(loss), options_(options), context_(context) {}

  Ascent from(const at::Tensor& start, const std::string& name) {
    Ascent best{.value = -kInfinity, .u = start, .start = name};
    at::Tensor u = ball_.project(start, options_.rho), before = u;
    at::Tensor g = look(u, best);
    double length = 2 * options_.rho, value = value_, early = best.value;
    Checkpoints checkpoints(options_.iterations);
    for (std::int64_t k = 0; k < options_.iterations && std::isfinite(value_); ++k) {
      const at::Tensor z = ball_.project(u + ball_.unitAscent(g) * length, options_.rho);
      const at::Tensor next = k == 0 ? z : ball_.project(u + (z - u) * kMomentum + (u - before) * (1 - kMomentum), options_.rho);
      before = u;
      u = next;
      g = look(u, best);
      if (checkpoints.halve(value_ > value, best.value)) {
        length /= 2;
        u = before = best.u;
        g = bestGradient_;
        value_ = best.value;
      }
      value = value_;
      if (k < options_.iterations - options_.iterations / 4) early = best.value;
    }
    if (!std::isfinite(value_)) best.value = kInfinity;
    best.lastGain = std::isfinite(best.value) && best.value > 0 ? (best.value - early) / best.value : 0;
    return best;
  }

 private:
  /// The gradient at u; its value in value_; the best point kept.
  at::Tensor look(const at::Tensor& u, Ascent& best) {
    context_.checkpoint();
    const at::Tensor theta = objective_.theta0() + ball_.scaled(u);
    value_ = objective_.evaluate(theta).loss - loss_;
    ++best.evaluations;
    if (!std::isfinite(value_)) return {};
    const at::Tensor g = objective_.gradient(theta);
    ++best.gradients;
    if (value_ > best.value) best.value = value_, best.u = u, bestGradient_ = g;
    return g;
  }

  Objective& objective_;
  const Ball& ball_;
  double loss_;
  const AscentOptions& options_;
  const Context& context_;
  double value_ = 0;
  at::Tensor bestGradient_;
};

}  // namespace

Ascent worstCase(Objective& objective, const Ball& ball, const at::Tensor& gradient, double loss, const AscentOptions& options, const Ascent* floor,
                 const Context& context) {
  std::vector<Ascent> found;
  const at::Tensor along = ball.unitAscent(gradient);
  if (along.any().item<bool>()) found.push_back(Climb(objective, ball, loss, options, context).from(along * options.rho, "gradient"));
  for (std::int64_t r = 1; r <= options.restarts; ++r) {
    const std::uint64_t seed = trainer::deriveSeed(options.seed, fmt::format("ascent/{}", r));
    found.push_back(Climb(objective, ball, loss, options, context).from(ball.random(options.rho, seed), fmt::format("random {}", r)));
  }
  Ascent best{.value = 0, .u = at::zeros_like(objective.theta0()), .start = "theta"};  // u = 0 is in the ball, too
  double lowest = kInfinity;
  std::int64_t gradients = 0, evaluations = 0;
  for (Ascent& one : found) {
    lowest = std::min(lowest, one.value);
    gradients += one.gradients, evaluations += one.evaluations;
    if (one.value > best.value) best = std::move(one);
  }
  if (found.size() > 1 && std::isfinite(best.value) && best.value > 0) best.startSpread = (best.value - lowest) / best.value;
  if (floor != nullptr && floor->value > best.value) best = {.value = floor->value, .u = floor->u, .start = "smaller rho", .startSpread = best.startSpread};
  best.gradients = gradients, best.evaluations = evaluations;
  return best;
}

double oneStep(Objective& objective, const Ball& ball, const at::Tensor& gradient, double loss, double rho) {
  const at::Tensor along = ball.unitAscent(gradient);
  if (!along.any().item<bool>()) return 0;
  return objective.evaluate(objective.theta0() + ball.scaled(along * rho)).loss - loss;
}

}  // namespace analysis
