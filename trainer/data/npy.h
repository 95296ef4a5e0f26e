// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <string>

namespace trainer {

/// An array that NumPy saved (.npy, versions 1 to 3, C or Fortran order), as a contiguous tensor of its shape.
struct NpyFile {
  std::string dtype;  ///< as in the file: "<f4", "|u1", ...
  at::Tensor array;   ///< uint8, float or double as they are; every other integer type as int64
  std::string hash;   ///< of all bytes
};

/// @throws IoError; DataError for what is no such file, is cut short, or is of another type than |u1 |i1 <u2 <i2 <u4 <i4 <u8 <i8 <f4 <f8.
/// An unsigned number of 2^63 or more comes back negative.
NpyFile readNpy(const std::filesystem::path& path);

}  // namespace trainer
