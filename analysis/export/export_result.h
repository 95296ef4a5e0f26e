// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "analysis/export/result_file.h"
#include "analysis/figure/figure.h"

namespace analysis {

/// @throws IoError when the file's folder is not there
/// @throws std::invalid_argument listing the endings there are, for a file name with another one: to be asked before a long computation. Only results with a
/// `grid` can be a .vts.
void requireKnownEnding(const std::filesystem::path& file, bool grid = true);

/// Writes a result in the format of the file's ending: csv, json, vts, png, svg, pdf. Atomically, with the command inside.
/// @throws std::invalid_argument for another ending (the known ones are listed), IoError
void exportResult(const Result& result, const std::filesystem::path& file);

/// Contour map of a surface (training loss and contours), curves of a slice, eigenvalues with residual bars of a spectrum.
Figure figureOf(const Result& result);

}  // namespace analysis
