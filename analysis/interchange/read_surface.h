// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "analysis/export/result_file.h"

/// Surfaces and lines that other programs (and this one) have saved.
namespace analysis {

struct ImportOptions {
  bool straightenRows = false;  ///< of loss-landscapes' .npy: shift every other row back by its step; elsewhere refused
};

struct ImportedSurface {
  SurfaceResult result;               ///< grid as of a measure; samples, parameters 0 and precision, batchNorm empty where the file does not say; its origin says what it was
  std::string format;                 ///< "surface .h5 of Li et al. (loss-landscape)"
  std::vector<std::string> unknown;   ///< a sentence each: what the file does not say and a comparison would need (samples, batch norm, precision, directions)
  std::vector<std::string> warnings;  ///< a sentence each: what is known to be off with such files, and what was found in this one (missing points ...)
  bool rowsShifted = false;           ///< every other row is off by one step: offer ImportOptions::straightenRows
};

/// Recognised by content, not only by ending: Li et al. .h5, losscape data.h5, Garipov et al. plane.npz and curve.npz, Landscaper .npz, loss-landscapes .npy, CSV
/// (columns x, y and values, or a bare matrix), and this program's own .json, .npz, .npy, .csv and .h5, which come back bit for bit with what is known of them.
/// Values are raw. Missing points (-1 of Li et al., empty cells) are not computed; accuracies in percent become shares.
/// @throws IoError  when it cannot be read
/// @throws DataError  one sentence: what is wrong with it, where, what was expected; also for a file that is no surface, naming what it is, and for an HDF5 file
///   where the program was built without HDF5
/// @throws std::invalid_argument  straightenRows for a file that is not shifted
ImportedSurface readSurfaceFile(const std::filesystem::path& file, const ImportOptions& options = {});

/// Whether the ending is one of those (.h5 .hdf5 .npz .npy .csv .txt): what a dialog or a drop accepts. Only a .json may also be another result.
bool hasSurfaceEnding(const std::filesystem::path& file);

}  // namespace analysis
