// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/objective.h"

namespace analysis {

/// [g(theta + h v/||v||) - g(theta - h v/||v||)] ||v|| / 2h, h = eps^(1/3) (1 + ||theta||): the Hessian product of a smooth network up to h^2 times its third
/// derivatives and eps/h times the gradient's rounding. On networks with kinks (ReLU, max pooling) another quantity: the step crosses kinks
/// (NUMERICS.md section 2). A reference, and symmetric only up to its error. Cost: two gradients. The objective must outlive it.
class FiniteDifferenceOperator : public LinearOperator {
 public:
  /// `step`: h; 0 for the one above.
  FiniteDifferenceOperator(Objective& objective, const at::Tensor& theta, double step = 0);
  std::string name() const override { return "finite-difference"; }
  std::int64_t size() const override { return theta_.numel(); }
  at::TensorOptions options() const override { return theta_.options(); }
  at::Tensor apply(const at::Tensor& v) override;
  double step() const { return step_; }

 private:
  Objective& objective_;
  at::Tensor theta_;
  double step_;
};

}  // namespace analysis
