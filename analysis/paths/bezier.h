// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "analysis/objective.h"

namespace analysis {

/// phi(t) = (1-t)^2 a + 2 t (1-t) m + t^2 b
at::Tensor bezierPoint(const at::Tensor& a, const at::Tensor& middle, const at::Tensor& b, double t);

struct BezierOptions {
  std::int64_t steps = 100;
  std::int64_t points = 4;   ///< a step's draws of t, one in each part of as many equal ones
  double rate = 0.1;         ///< Adam's, in units of the root mean square coordinate of b - a; falls to zero along the steps
  std::uint64_t seed = 0;    ///< of the draws
};

struct BezierCurve {
  at::Tensor middle;           ///< the control point m
  std::int64_t gradients = 0;
};

/// Moves the control point, from the middle of the line on, to make the mean loss over t in [0,1] small: Adam on 2 t (1-t) grad L(phi(t)).
/// Cost: steps times points gradients. @throws NumericalError a gradient that is not finite; Cancelled
/// Source: Garipov, Izmailov, Podoprikhin, Vetrov, Wilson, Loss surfaces, mode connectivity, and fast ensembling of DNNs, 2018, equation 3.
BezierCurve trainBezier(Objective& objective, const at::Tensor& a, const at::Tensor& b, const BezierOptions& options, const Context& context);

}  // namespace analysis
