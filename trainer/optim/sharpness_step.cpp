// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/optim/sharpness_step.h"

#include <ATen/ATen.h>

namespace trainer {

SharpnessGradient sharpnessGradient(const SharpnessOptions& options, const at::Tensor& theta, const GradientFunction& gradient) {
  const LossAndGradient first = gradient(theta);
  const at::Tensor& g1 = first.gradient;
  SharpnessGradient result{.loss = first.loss, .gradientNorm = at::linalg_vector_norm(g1, 2, std::nullopt, false, at::kDouble), .combined = g1, .evaluations = 1};
  const bool plain = options.method == "none" || (options.method == "penalty" && options.alpha == 0 && options.referenceTerm == "gradient");
  if (plain) return result;
  const double norm = result.gradientNorm.item<double>();
  if (norm == 0) return result;

  const at::Tensor g2 = gradient(theta + g1 * (options.rho / norm)).gradient;
  result.evaluations = 2;
  if (options.method == "sam" || options.alpha == 1) {
    result.combined = g2;
  } else {
    const double reference = options.referenceTerm == "unit" ? (1 - options.alpha) / norm : 1 - options.alpha;
    result.combined = g1 * reference + g2 * options.alpha;
  }
  return result;
}

at::Tensor clipToNorm(const at::Tensor& gradient, std::optional<double> norm) {
  if (!norm) return gradient;
  const double length = at::linalg_vector_norm(gradient, 2, std::nullopt, false, at::kDouble).item<double>();
  return length > *norm ? gradient * (*norm / length) : gradient;
}

}  // namespace trainer
