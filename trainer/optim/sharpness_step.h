// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "trainer/model/parameter_layout.h"
#include "trainer/optim/batch_objective.h"
#include "trainer/optim/optimizer_state.h"

namespace trainer {

/// The sharpness part of a step, named as the flags of `sharpscape train` are.
struct SharpnessOptions {
  std::string method = "none";             ///< none | sam | asam | penalty | gsam | looksam | friendly-sam: combination.cpp
  double rho = 0;                          ///< radius of the perturbation
  double alpha = 1;                        ///< penalty: mix, SAM is 1, plain is 0; gsam, looksam: weight of the orthogonal part
  std::string perturbation = "gradient";   ///< gradient | unnormalised | adaptive | random: perturbation.cpp; asam and friendly-sam have their own
  std::string perturbOnly = "all";         ///< all | weight | bias | norm
  std::int64_t every = 1;                  ///< the method on steps that are multiples of it
  std::string referenceTerm = "gradient";  ///< penalty: gradient | unit
  std::string penaltyProduct = "difference";  ///< penalty: difference | exact
  double asamEta = 0.01;
  double friendlySigma = 1, friendlyLambda = 0.9;
  std::string warmup = "none";  ///< none | r | lambda | zero
  std::int64_t warmupSteps = 0;
  std::uint64_t seed = 0;  ///< of the random perturbation
};

struct StepGradient {
  at::Tensor loss;               ///< of the first pass, at theta; scalar
  at::Tensor gradientNorm;       ///< ||g1|| at theta; double, 0-dim, on the device
  at::Tensor combined;           ///< [P], what the base step uses; may share g1's memory, so it is not to be written to
  std::int64_t evaluations = 1;  ///< gradients of the batch; a Hessian product counts as 2
};

/// The gradient that the base step uses, with g1 = grad L(theta), g2 = grad L(theta + e), e the perturbation (perturbation.h):
///
///   none          g1
///   sam, asam     g2                                                                    asam: the adaptive perturbation
///   penalty       (1 - alpha) g1 + alpha g2, or with the unit reference (1 - alpha) g1/||g1|| + alpha g2
///     exact       g1 + alpha rho H g1/||g1||
///   gsam          g2 - alpha (g1 - (g1.g2/||g2||^2) g2)
///   looksam       g2 on every K-th step, which keeps g_v = g2 - (g2.g1/||g1||^2) g1; between: g1 + alpha (||g1||/||g_v||) g_v
///   friendly-sam  g2, with e along g1 - sigma m, m = lambda m + (1 - lambda) g1 (0 at first)
///
/// Sources and where their code differs: combination.h, perturbation.h. With every = K the steps that are no multiple of K are plain, but for
/// looksam. Groups of a batch: g1, g2, H g/||g|| and the loss are the means over the groups by their weights, each group with its own e.
/// Warm-up with t the step: r: rho min(1, t/T); lambda: alpha min(1, t/T); zero: plain while t < T.
///
/// What the host knows is used: with rho = 0, and for the penalty with alpha = 0, the step is plain (g1's very bits, one gradient), but for the unit
/// reference; the penalty's alpha = 1 has SAM's very bits, but for the exact product. With ||g1|| = 0 the step is plain, without a NaN.
/// Cost: one gradient, two with g2, three with the exact product; no synchronisation with the device. theta is not written to.
class SharpnessStep {
 public:
  /// @throws std::invalid_argument for an unknown method, perturbation or group of parameters.
  SharpnessStep(SharpnessOptions options, const ParameterLayout& layout);
  StepGradient gradient(BatchObjective& objective, const at::Tensor& theta, std::int64_t step);  ///< step is 0-based

  /// By hand, while it runs; from the next step on.
  void setRho(double rho) { options_.rho = rho; }
  void setAlpha(double alpha) { options_.alpha = alpha; }

  /// looksam: looksam_g_v; friendly-sam: friendly_m; empty otherwise. rho and alpha set by hand are not in it. Copies, not views.
  OptimizerState state() const;
  void restore(const OptimizerState& state);  ///< the steps from here on have the very bits of those after state()

 private:
  SharpnessOptions options_;
  ParameterLayout layout_;
  std::map<std::string, at::Tensor> memory_;  ///< what a method keeps from step to step
  std::map<std::string, at::Tensor> masks_;   ///< [P], made at the first use: perturbation.h
};

/// g min(1, C/||g||), without an epsilon: where ||g|| is at most C the bits of g. A new tensor, but for no norm. No synchronisation with the device.
at::Tensor clipToNorm(const at::Tensor& gradient, std::optional<double> norm);

}  // namespace trainer
