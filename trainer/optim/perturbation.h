// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>

#include "trainer/model/parameter_layout.h"
#include "trainer/optim/sharpness_step.h"

namespace trainer {

/// What a perturbation is made of.
struct Perturbing {
  const SharpnessOptions& options;
  const ParameterLayout& layout;
  const at::Tensor& theta;
  const at::Tensor& gradient;                       ///< g of the group
  std::string noiseName;                            ///< of the random one
  const std::map<std::string, at::Tensor>& memory;  ///< what the method keeps
  std::map<std::string, at::Tensor>& masks;         ///< [P] each, made where missing
};

/// The perturbation e [P] of theta, with g the gradient, restricted to the parameters of --perturb-only: e is 0 elsewhere and norms are over them.
///
///   gradient      rho g/||g||           Foret, Kleiner, Mobahi, Neyshabur, ICLR 2021, eq. 2. Their norm has no guard
///   unnormalised  rho g                 Andriushchenko, Flammarion, ICML 2022
///   adaptive      rho T^2 g/||T g||     Kwon, Kim, Park, Choi, ICML 2021 (p = 2), T = |w| + eta where a tensor's name ends in "weight", 1 elsewhere:
///                                       so does their code, which goes by the name and so scales the gains of norm layers too, and no tensor
///                                       without the word. Its 1e-16 is left out
///   random        rho z/||z||           z = fillNormal(P numbers, deriveSeed(seed, "noise/<step>")), with several groups "noise/<step>/<group>",
///                                       step and group from 0, drawn in double and rounded to theta's dtype, in the order of the layout
///   (friendly)    rho d/||d||           friendly-sam's own, d = g - sigma (lambda m + (1 - lambda) g): Li, Zhou, He, Cheng, Huang, CVPR 2024,
///                                       alg. 1, with m = 0 at first. Their code takes off the m of before this step (with sigma = 1 and the same m
///                                       both are along one line) and starts with m = g, perturbing along g
///
/// "norm" is the norm layers' gains and offsets only (SAM-ON: Mueller, Vlaar, Rolnick, Hein, NeurIPS 2023), "weight" is everything that is neither
/// that nor a bias, embeddings too. e = 0 where g = 0 or the norm is 0. Cost: some passes over P numbers; random draws P numbers on the CPU.
at::Tensor perturbation(const Perturbing& p);

/// @throws std::invalid_argument for an unknown perturbation or group of parameters.
void requireKnownPerturbation(const SharpnessOptions& options);

/// m of friendly-sam after this step: lambda m + (1 - lambda) g, with m = 0 where undefined.
at::Tensor friendlyMean(const SharpnessOptions& options, const at::Tensor& m, const at::Tensor& g);

}  // namespace trainer
