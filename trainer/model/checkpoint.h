// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>

#include "trainer/model/parameter_layout.h"

namespace trainer {

struct Checkpoint {
  std::int64_t step = 0;
  double epoch = 0;
  at::Tensor theta;  ///< [P], CPU, float or double
};

/// Safetensors under PyTorch's state-dict names; __metadata__ holds step, epoch and hashes of header and data.
void writeCheckpoint(const std::filesystem::path& file, const ParameterLayout& layout, const Checkpoint& checkpoint);

/// @throws DataError when it is cut short, damaged (a hash does not match) or its names and shapes are not the layout's (listed).
Checkpoint readCheckpoint(const std::filesystem::path& file, const ParameterLayout& layout);

}  // namespace trainer
