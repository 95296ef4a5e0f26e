// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace analysis {

/// What the words of an axis say:
///
///   random              Gaussian, normalised as the surface's or the axis's own --normalise says
///   eigen:K, eigen:-K   the K-th largest or smallest eigenvalue's vector of the Hessian, unit
///   gradient            g / ||g|| at the checkpoint, unit
///   sam, sam:RHO        rho g / ||g||: coordinate 1 is SAM's perturbed point; RHO: the run's, 0.05 where it has none
///   pca:K               the K-th principal direction of the run's checkpoints minus the one measured, unit
///   pca-centred:K       minus their mean instead
///   toward:RUN[@STEP]   theta of another run minus this one's: coordinate 1 is the other run
///   file:PATH           of a directions file (its x for the x axis, its y for the y axis)
///   layer:NAME[:KIND]   KIND (random) inside the layer, zero outside; eigen is of the Hessian's block. NAME is a state-dict prefix ("conv1", "layer1.0",
///                       "fc.weight"), or weights, biases, norms, embeddings
struct AxisKind {
  enum class Word { random, eigen, gradient, sam, pca, toward, file };
  Word word = Word::random;
  std::int64_t index = 0;     ///< of eigen (negative: from the bottom) and pca
  bool centred = false;       ///< pca
  std::optional<double> rho{};  ///< sam
  std::string path{};         ///< toward: the run's folder; file
  std::string step = "last";  ///< toward
  std::string layer{};        ///< empty: all of theta
  bool operator==(const AxisKind&) const = default;
};

/// @throws std::invalid_argument naming `flag`, for words that are none of the above (they are listed).
AxisKind parseAxisKind(const std::string& text, const std::string& flag);

}  // namespace analysis
