// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/paths/bezier.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>

#include "trainer/base/error.h"
#include "trainer/base/random.h"

namespace analysis {
namespace {

/// Adam with the usual constants; its rate falls linearly to zero.
class Adam {
 public:
  Adam(const at::Tensor& like, double rate, std::int64_t steps) : first_(at::zeros_like(like)), second_(at::zeros_like(like)), rate_(rate), steps_(steps) {}
  void step(at::Tensor& theta, const at::Tensor& gradient) {
    constexpr double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
    const double left = 1 - static_cast<double>(done_) / static_cast<double>(steps_);
    ++done_;
    first_.mul_(beta1).add_(gradient, 1 - beta1);
    second_.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
    const auto n = static_cast<double>(done_);
    const at::Tensor scale = (second_ / (1 - std::pow(beta2, n))).sqrt_().add_(eps);
    theta.addcdiv_(first_, scale, -rate_ * left / (1 - std::pow(beta1, n)));
  }

 private:
  at::Tensor first_, second_;
  double rate_;
  std::int64_t steps_, done_ = 0;
};

}  // namespace

at::Tensor bezierPoint(const at::Tensor& a, const at::Tensor& middle, const at::Tensor& b, double t) {
  return (a * ((1 - t) * (1 - t))).add_(middle, 2 * t * (1 - t)).add_(b, t * t);
}

BezierCurve trainBezier(Objective& objective, const at::Tensor& a, const at::Tensor& b, const BezierOptions& options, const Context& context) {
  BezierCurve curve{.middle = (a + b) / 2};
  const double coordinate = (b - a).to(at::kDouble).square().mean().sqrt().item<double>();
  Adam adam(a, options.rate * coordinate, options.steps);
  trainer::RandomStream stream(trainer::deriveSeed(options.seed, "bezier"));
  for (std::int64_t step = 0; step < options.steps; ++step) {
    at::Tensor gradient = at::zeros_like(a);
    for (std::int64_t i = 0; i < options.points; ++i) {
      context.checkpoint();
      const double t = (static_cast<double>(i) + stream.uniform()) / static_cast<double>(options.points);
      gradient.add_(objective.gradient(bezierPoint(a, curve.middle, b, t)), 2 * t * (1 - t) / static_cast<double>(options.points));
      ++curve.gradients;
    }
    if (!gradient.isfinite().all().item<bool>())
      throw trainer::NumericalError(fmt::format("the gradient on the curve is not finite at step {}; fewer --curve steps stay nearer the line", step + 1));
    adam.step(curve.middle, gradient);
    context.report({.stage = "bezier curve", .unit = "steps", .done = step + 1, .total = options.steps});
  }
  return curve;
}

}  // namespace analysis
