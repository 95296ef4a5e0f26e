// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>

#include "trainer/model/parameter_layout.h"
#include "trainer/optim/optimizer_state.h"

namespace trainer {

struct BaseOptions {
  std::string name = "sgd";          ///< sgd | adam | adamw | lion | muon
  double momentum = 0.9;             ///< sgd, muon
  bool nesterov = false;             ///< sgd; muon always is
  double beta1 = 0.9, beta2 = 0.999; ///< adam, adamw, lion, muon's AdamW
  double decoupledDecay = 0;         ///< wd: theta *= 1 - rate wd before the step, for every name
};

/// One step from theta [P] along a gradient [P], the rate given each time. Never synchronises with the device, never writes to the gradient.
class BaseStep {
 public:
  virtual ~BaseStep();
  virtual void apply(at::Tensor theta, const at::Tensor& gradient, double rate) = 0;  ///< theta is written in place
  virtual OptimizerState state() const = 0;               ///< copies, not views
  virtual void restore(const OptimizerState& state) = 0;  ///< the steps from here on have the very bits of those after state()
};

/// With g the gradient, eta the rate; every state is [P] in theta's dtype and on its device.
///
///   sgd          b = mu b + g (b = g at first); theta -= eta b, or eta (g + mu b) with Nesterov. torch::optim::SGD, dampening 0. State: momentum
///   adam, adamw  m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; theta -= eta m' / (sqrt(v') + 1e-8), m' = m / (1 - b1^t), v' = v / (1 - b2^t).
///                torch::optim::Adam; the two differ in the default of the decay only. State: exp_avg, exp_avg_sq, number adam_step
///   lion         theta -= eta sign(b1 m + (1 - b1) g); m = b2 m + (1 - b2) g. State: lion_momentum
///   muon         matrices: b = mu b + (1 - mu) g; theta -= 0.2 sqrt(max(rows, cols)) eta NS(mu b + (1 - mu) g), NS as in muon.cpp;
///                everything else by adam at the same rate. State: muon_momentum and adam's
///
/// decoupledDecay comes first: theta *= 1 - eta wd (adamw: Loshchilov, Hutter, ICLR 2019, alg. 2; the same for the others).
/// Source: Kingma, Ba, ICLR 2015, alg. 1; Chen et al., NeurIPS 2023, alg. 2; Jordan et al. 2024 (kellerjordan.github.io/posts/muon) and its code;
/// Liu et al., arXiv 2502.16982. @throws std::invalid_argument for an unknown name.
std::unique_ptr<BaseStep> makeBaseStep(const BaseOptions& options, const ParameterLayout& layout, const at::Tensor& theta);

}  // namespace trainer
