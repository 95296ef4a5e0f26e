// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <optional>
#include <string>

namespace trainer {

/// The training objective's loss (a scalar tensor) and gradient [P] at a theta.
struct LossAndGradient {
  at::Tensor loss;
  at::Tensor gradient;
};
using GradientFunction = std::function<LossAndGradient(const at::Tensor& theta)>;

struct SharpnessOptions {
  std::string method = "none";             ///< none | sam | penalty
  double rho = 0;                          ///< radius of the perturbation
  double alpha = 1;                        ///< mix; SAM is 1, plain is 0
  std::string referenceTerm = "gradient";  ///< gradient | unit
};

struct SharpnessGradient {
  at::Tensor loss;          ///< at theta
  at::Tensor gradientNorm;  ///< ||g1|| at theta
  at::Tensor combined;      ///< what the base step uses; may share g1's memory, so it is not to be written to
  int evaluations = 1;      ///< gradients taken
};

/// The gradient that the base step uses, with g1 = grad L(theta), g2 = grad L(theta + rho g1/||g1||):
///
///   none     g1
///   sam      g2
///   penalty  (1 - alpha) g1 + alpha g2, or with the unit reference (1 - alpha) g1/||g1|| + alpha g2
///
/// The first-order form of the gradient of L + lambda ||grad L||, lambda = alpha rho. alpha = 1 takes SAM's very bits, alpha = 0 the plain
/// gradient's (one evaluation), both before any mixing. With ||g1|| = 0 the step is plain. theta is not written to.
/// Cost: one gradient; two for sam and penalty. One synchronisation with the device for sam and penalty (the zero guard).
/// Source: Foret, Kleiner, Mobahi, Neyshabur, ICLR 2021, eq. 2; Zhao, Zhang, Hu, ICML 2022, eq. 13 (the unit form is their published code).
SharpnessGradient sharpnessGradient(const SharpnessOptions& options, const at::Tensor& theta, const GradientFunction& gradient);

/// g min(1, C/||g||), without an epsilon: the bits of g where its norm is at most C. A new tensor where it is scaled.
at::Tensor clipToNorm(const at::Tensor& gradient, std::optional<double> norm);

}  // namespace trainer
