// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace analysis {

/// Which matrix is measured.
struct OperatorSpec {
  std::string kind = "hessian";        ///< hessian | gauss-newton | functional (Hessian - Gauss-Newton) | fisher | empirical-fisher | finite-difference
  std::string restrictTo;              ///< empty: all; weights | biases | norms | embeddings; or a layer: a state-dict prefix such as "layer1.0" or "fc"
  std::string precondition = "none";   ///< none | adam: D^-1/2 A D^-1/2, D = sqrt(v^) + 1e-8 of the checkpoint's Adam
  bool operator==(const OperatorSpec&) const = default;
};

/// Checks the words that can be checked without a run. @throws std::invalid_argument naming flag and what there is.
void validate(const OperatorSpec& spec);

}  // namespace analysis
