// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

namespace analysis {

/// Where a theta lies over a plane: the nearest point theta0 + x d1 + y d2, and how far it is.
struct Projection {
  double x = 0, y = 0;
  double distance = 0;  ///< ||theta - theta0 - x d1 - y d2||
};

/// Least squares in the plane's own metric (d1 and d2 need not be orthogonal), sums in double on the CPU. Along a direction that is zero, or parallel to d1, the
/// coordinate is 0. Cost: two passes of 6 P multiplications; the second takes off what rounding left of the first.
class Projector {
 public:
  Projector(const at::Tensor& theta0, const at::Tensor& d1, const at::Tensor& d2);  ///< d2 undefined for a line
  Projection operator()(const at::Tensor& theta) const;

 private:
  at::Tensor theta0_, d1_, d2_;  ///< double, CPU
  double g11_ = 0, g12_ = 0, g22_ = 0;
};

}  // namespace analysis
