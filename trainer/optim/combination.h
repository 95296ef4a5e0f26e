// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <string_view>

#include "trainer/optim/sharpness_step.h"

namespace trainer {

enum class Phase {
  plain,      ///< no second pass, as the host knows: rho = 0, alpha = 0 where that is plain, warm-up
  between,    ///< not a multiple of --perturb-every
  perturbed,  ///< g2 or the Hessian product is there
};

/// What a combination is made of: means over the groups of a batch.
struct Gradients {
  Phase phase = Phase::plain;
  at::Tensor first{};      ///< g1 [P]
  at::Tensor firstNorm{};  ///< ||g1||, double
  at::Tensor second{};     ///< perturbed: g2 [P], or H g1/||g1|| of the exact penalty; else undefined
};

/// g1 and g2 to the gradient that the base step uses: the formulas of sharpness_step.h. Called once a step, whatever its phase.
///
///   penalty       Zhao, Zhang, Hu, ICML 2022 (arXiv 2202.03599): the mix is the paper's, the unit reference its published code's default. With
///                 groups the unit is that of the mean g1 (the code's is each device's own). exact is the gradient that both approximate
///   gsam          Zhuang et al., ICLR 2022 (arXiv 2203.08065), alg. 1: the part of g1 orthogonal to g2 is taken off, which lowers the surrogate gap
///                 and leaves the perturbed loss as it is. Code and paper agree; the code adds 1e-12 to norms, here a guard. Their schedule of rho
///                 (with the rate) is not taken: --rho is constant
///   looksam       Liu, Mai, Chen, Hsieh, You, CVPR 2022 (arXiv 2203.02714), alg. 1, over the whole vector as in the paper; of two unofficial codes
///                 one does so and one goes tensor by tensor
///   friendly-sam  m is kept along at every step, the plain ones too: its gradient is there at no cost. See perturbation.h
struct Combination {
  std::string_view method;
  at::Tensor (*combine)(const Gradients& g, const SharpnessOptions& options, std::map<std::string, at::Tensor>& memory);
};

/// @throws std::invalid_argument for an unknown method.
const Combination& combinationOf(const std::string& method);

}  // namespace trainer
