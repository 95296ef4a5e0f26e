// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace trainer {

/// Named tensors and texts beside them, as in a safetensors file.
struct NamedTensors {
  std::vector<std::pair<std::string, at::Tensor>> tensors;  ///< CPU, contiguous; in the file's order
  std::map<std::string, std::string> metadata;
};

/// Writes all or nothing. `metadata` gains data_hash and header_hash (contentHash of the data; of the header with zeros in the hash's
/// place). The bytes are a function of the argument alone. Tensors are float, double or int64 (std::invalid_argument otherwise). @throws IoError.
void writeSafetensors(const std::filesystem::path& file, const NamedTensors& content);

/// Reads F32, F64, F16 and BF16 (both converted to float), integers and booleans; files of other programs (without our hashes) too.
/// @throws IoError when it cannot be read, DataError when it is cut short, is not safetensors, holds another dtype, or a hash does not
/// match. Memory: twice the file's size.
NamedTensors readSafetensors(const std::filesystem::path& file);

}  // namespace trainer
