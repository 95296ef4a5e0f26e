// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "analysis/figure/provenance.h"

namespace analysis {

/// What a file is and where it says it comes from.
struct FileProvenance {
  std::string format;     ///< "PNG picture", "binary glTF" ...; empty: not one of those that are written here
  Provenance provenance;  ///< empty where it says nothing
};

/// Recognised by content: PNG, SVG, PDF, GIF, MP4, VTK's XML, glTF, HDF5, .npz, .npy, and texts (CSV, LaTeX, scripts) whose comment lines say it (# or %).
/// @throws IoError when it cannot be read; DataError when it is damaged
FileProvenance fileProvenance(const std::filesystem::path& file);

}  // namespace analysis
