// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/project.h"

#include "analysis/surface/plain_sums.h"

namespace analysis {
namespace {

constexpr double kParallel = 1e-12;  ///< of g11 g22: sin^2 of an angle at which double sums of P terms see none

}  // namespace

Projector::Projector(const at::Tensor& theta0, const at::Tensor& d1, const at::Tensor& d2) : theta0_(doublesOnCpu(theta0)), d1_(doublesOnCpu(d1)) {
  g11_ = dot(numbers(d1_), numbers(d1_));
  if (!d2.defined()) return;
  d2_ = doublesOnCpu(d2);
  g12_ = dot(numbers(d1_), numbers(d2_));
  g22_ = dot(numbers(d2_), numbers(d2_));
}

Projection Projector::operator()(const at::Tensor& theta) const {
  at::Tensor rest = doublesOnCpu(theta) - theta0_;
  Projection p;
  const double determinant = g11_ * g22_ - g12_ * g12_;
  const bool plane = determinant > kParallel * g11_ * g22_;
  for (int pass = 0; pass < 2; ++pass) {
    const double b1 = dot(numbers(rest), numbers(d1_)), b2 = plane ? dot(numbers(rest), numbers(d2_)) : 0;
    const double x = plane ? (g22_ * b1 - g12_ * b2) / determinant : g11_ > 0 ? b1 / g11_ : 0, y = plane ? (g11_ * b2 - g12_ * b1) / determinant : 0;
    addTo(mutableNumbers(rest), -x, numbers(d1_));
    if (plane) addTo(mutableNumbers(rest), -y, numbers(d2_));
    p.x += x, p.y += y;
  }
  p.distance = norm(numbers(rest));
  return p;
}

}  // namespace analysis
