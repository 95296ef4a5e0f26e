// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/operators/finite_difference.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

#include "trainer/base/error.h"

namespace analysis {

FiniteDifferenceOperator::FiniteDifferenceOperator(Objective& objective, const at::Tensor& theta, double step)
    : objective_(objective), theta_(theta.detach()), step_(step) {
  if (step_ > 0) return;
  const double eps = theta_.scalar_type() == at::kDouble ? std::numeric_limits<double>::epsilon() : static_cast<double>(std::numeric_limits<float>::epsilon());
  step_ = std::cbrt(eps) * (1 + theta_.to(at::kDouble).norm().item<double>());
}

at::Tensor FiniteDifferenceOperator::apply(const at::Tensor& v) {
  const double length = v.to(at::kDouble).norm().item<double>();
  if (length == 0) return at::zeros_like(v);
  const at::Tensor e = v * (step_ / length);
  const at::Tensor product = (objective_.gradient(theta_ + e) - objective_.gradient(theta_ - e)) * (length / (2 * step_));
  if (!at::isfinite(product).all().item<bool>()) throw trainer::NumericalError("the difference of two gradients is not finite at these parameters; the run has probably diverged");
  return product;
}

}  // namespace analysis
