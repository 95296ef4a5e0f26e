// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "trainer/model/model.h"

namespace analysis {

/// Where the units of a group stand in one tensor: along an axis that is seen as [before, length, after], unit i at positions[i] of `length`.
struct PermutedAxis {
  bool buffer = false;      ///< of the running statistics, not of theta
  std::int64_t offset = 0;  ///< of the tensor in its flat vector
  std::int64_t before = 1, length = 0, after = 1;
  std::vector<std::int64_t> positions;
};

/// Units that may change places together without changing what the network computes: a hidden layer's, or channels that shortcuts hold together.
struct PermutationGroup {
  std::string name;       ///< of the tensor that makes them: "fc1", "layer1.0.conv1"
  std::int64_t size = 0;
  std::vector<PermutedAxis> axes;
};

/// Every group of mlp, cnn, lenet, vgg, resnet and wrn. Channels of a residual stream are one group; option A's shortcut puts a stage's channels into the middle of
/// the next one's, so that those keep their places relative to it and only the new ones are free.
/// @throws std::invalid_argument for a network whose permutations are not these (vit, gpt: attention has others)
std::vector<PermutationGroup> permutationGroups(const trainer::Model& model);

/// One permutation a group: unit i becomes what unit permutation[i] was.
using Permutations = std::vector<std::vector<std::int64_t>>;

Permutations identityPermutations(const std::vector<PermutationGroup>& groups);

struct PermutedWeights {
  at::Tensor theta, buffers;  ///< buffers undefined where they were
};

/// Puts one group's units into new places, in the weights themselves. Cost: a copy of the group's tensors.
void permute(const PermutationGroup& group, const std::vector<std::int64_t>& permutation, const PermutedWeights& weights);

/// theta [P] and buffers [B] of a network with its units in new places: the same function.
PermutedWeights permuted(const std::vector<PermutationGroup>& groups, const Permutations& permutations, const PermutedWeights& weights);

/// The rows of an axis's units, [size, before * after], in the dtype of `flat`.
at::Tensor unitRows(const PermutedAxis& axis, const at::Tensor& flat);

}  // namespace analysis
