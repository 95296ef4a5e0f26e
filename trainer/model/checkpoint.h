// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>

#include "trainer/model/model.h"
#include "trainer/model/parameter_layout.h"

namespace trainer {

struct Checkpoint {
  std::int64_t step = 0;
  double epoch = 0;
  at::Tensor theta;      ///< [P], CPU, float or double
  at::Tensor buffers{};  ///< [B] in theta's dtype; undefined where there are none
};

/// Safetensors under PyTorch's state-dict names; __metadata__ holds step, epoch and hashes of header and data. Defined buffers are written
/// with them, and for each batch norm num_batches_tracked (int64, the step), so that a strict load_state_dict takes the file.
void writeCheckpoint(const std::filesystem::path& file, const ParameterLayout& layout, const Checkpoint& checkpoint,
                     const ParameterLayout& bufferLayout = {});
void writeCheckpoint(const std::filesystem::path& file, const Model& model, const Checkpoint& checkpoint);

/// Reads what writeCheckpoint() and PyTorch write. num_batches_tracked of the layout's norms is passed over; a prefix that all names share
/// and that wrappers add ("module.", "model.", "_orig_mod.") is taken off. Buffers are undefined where the layout has none.
/// @throws DataError when it is cut short, damaged (a hash does not match) or its names and shapes are not the layout's (listed).
Checkpoint readCheckpoint(const std::filesystem::path& file, const ParameterLayout& layout, const ParameterLayout& bufferLayout = {});
Checkpoint readCheckpoint(const std::filesystem::path& file, const Model& model);

}  // namespace trainer
