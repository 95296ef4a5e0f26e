// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

namespace analysis {

/// A directions file (--save-directions) in the HDF5 layout of Li et al.: groups xdirection and ydirection with a dataset "0", "1", ... a trainable tensor, in the
/// model's order. What the file says of its axes becomes attributes.
/// @throws IoError, DataError for a file that holds no directions; std::invalid_argument where there is no HDF5
std::string liDirections(const std::filesystem::path& file);

}  // namespace analysis
