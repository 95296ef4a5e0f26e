// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "analysis/invariance/invariance.h"
#include "analysis/invariance/symmetries.h"

namespace analysis {

/// A checkpoint's numbers.
struct Weights {
  at::Tensor theta;      ///< [P]
  at::Tensor buffers{};  ///< [B] running statistics
};

/// What a transformation did.
struct Transformed {
  Weights weights;       ///< in the dtype and on the device of what was given; computed in double on the CPU
  std::string layers;    ///< "fc1 -> fc2, ...": where
  std::string keeps;     ///< "outputs" | "predictions"
};

/// The transformations of transformationNames() that a network has, at `strength` s and `share`:
///
///   scale-layers         W1, b1 (behind a norm: gamma, beta) times f, the next layer's columns divided by it; f = s and 1/s in turn     ReLU only
///   scale-units          the same with a factor a unit, s^u, u uniform in -1..1                                                           ReLU only
///   permute              `share` of the units of a layer moved along a cycle, with their norms and running statistics, and the columns that read them. Linear: of
///                        a vector without buffers it moves the coordinates
///   norm-scale           a convolution before a batch norm times s, its running mean times s, its variance s^2 (v + eps) - eps: exact in policy eval
///   attention-query-key  q' = A q, k' = A^-T k, a matrix a head, A = U diag(s^u) V^T with U, V orthogonal: the scores are the same
///   attention-value      v' = B v, and the columns of the projection that read the head times B^-1
///   last-layer           weight and bias times s: the predictions stay, the loss does not
///
/// Cost: a copy of the weights, and for attention a QR a head. Source for rescaling: Dinh, Pascanu, Bengio, Bengio, Sharp minima can generalize, ICML 2017.
/// @throws std::invalid_argument for a name that the network does not have, listing those it has.
Transformed transform(const std::string& name, const trainer::Model& model, const Symmetries& symmetries, const Weights& weights, const InvarianceSpec& spec);

/// Those of transformationNames() that the network has.
std::vector<std::string> transformationsOf(const Symmetries& symmetries);

/// Whether theory says that `measure` (invariantMeasures()) stays under `transform`.
bool isClaimed(const std::string& transform, const std::string& measure);

}  // namespace analysis
