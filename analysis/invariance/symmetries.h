// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "trainer/model/model.h"

namespace analysis {

/// Hidden units between two layers that nothing else sees: the first makes them (rows), the second reads them (columns).
struct Junction {
  std::string name;                         ///< "fc1 -> fc2"
  std::size_t weight = 0, consumer = 0;     ///< slices of theta: [units, ...] and [out, units * block, ...]
  std::optional<std::size_t> bias, gamma, beta;   ///< [units]; gamma and beta of a batch norm between them
  std::optional<std::size_t> mean, variance;      ///< its running statistics, slices of the buffers
  std::int64_t units = 0;
  bool homogeneous = false;                 ///< a ReLU (and pools) between them: a positive factor goes through
};

/// q, k and v rows of one attention layer, heads side by side, and the layer that reads the heads.
struct AttentionHeads {
  std::string name;
  std::size_t weight = 0, bias = 0, projection = 0;  ///< [3W,W], [3W], [W,W]
  std::int64_t heads = 1, width = 0;
};

/// A convolution whose outputs go to a batch norm alone.
struct NormedConvolution {
  std::string name;
  std::size_t weight = 0;
  std::optional<std::size_t> bias;
  std::size_t mean = 0, variance = 0;  ///< slices of the buffers
};

/// What a network's architecture leaves free. Read from the names of its layout: for mlp, cnn, lenet, vgg each layer with the next; for every resnet and wrn the
/// convolutions inside a block (a sum with the shortcut joins the others); for vit and gpt the MLP of each block (GELU: permutations only) and the heads.
struct Symmetries {
  std::vector<Junction> junctions;
  std::vector<AttentionHeads> attention;
  std::vector<NormedConvolution> normed;
  std::size_t lastWeight = 0;
  std::optional<std::size_t> lastBias;
  std::string lastName;
};

/// `activation` is the run's ("relu" makes junctions homogeneous; lenet has ReLUs always). @throws std::invalid_argument for a network it does not know.
Symmetries symmetriesOf(const trainer::Model& model, const std::string& activation);

}  // namespace analysis
