// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/optim/norms.h"

#include <ATen/ATen.h>

#include <optional>

#include "trainer/optim/sharpness_step.h"

namespace trainer {
namespace {

constexpr double kLargestScale = 1e38;  ///< what float can hold: 1/||v|| of subnormal v is more, and infinity times a zero of v were a NaN

}  // namespace

at::Tensor lengthOf(const at::Tensor& v) { return at::linalg_vector_norm(v, 2, std::nullopt, false, at::kDouble); }

at::Tensor perLength(const at::Tensor& a, const at::Tensor& length) { return (a / length).clamp_max(kLargestScale).masked_fill(length == 0, 0.0); }

at::Tensor perLength(double a, const at::Tensor& length) { return perLength(at::full_like(length, a), length); }

at::Tensor orthogonalTo(const at::Tensor& v, const at::Tensor& u) {
  const at::Tensor unit = u * perLength(1, lengthOf(u));
  return v - unit * (v * unit).sum(at::kDouble);
}

at::Tensor clipToNorm(const at::Tensor& gradient, std::optional<double> norm) {
  if (!norm) return gradient;
  const at::Tensor length = lengthOf(gradient);
  return gradient * (at::full_like(length, *norm) / length).clamp_max(1.0);  // a number / tensor is rounded twice: 49 (1/49) < 1
}

}  // namespace trainer
