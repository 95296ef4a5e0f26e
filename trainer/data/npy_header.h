// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trainer {

/// What stands before the numbers of a .npy file (versions 1 to 3).
struct NpyHeader {
  std::string dtype;                ///< "<f4", "|u1", "|S12" ...
  bool fortran = false;             ///< the first index runs fastest
  std::vector<std::int64_t> shape;  ///< at most 8 dimensions
  std::size_t dataAt = 0;           ///< where the numbers start
};

/// `name`: of the file, for messages. @throws DataError for what is no such header, or is cut short.
NpyHeader npyHeader(std::string_view bytes, const std::string& name);

/// "'name' is not a sound .npy file: what".
[[noreturn]] void damagedNpy(const std::string& name, const std::string& what);

}  // namespace trainer
