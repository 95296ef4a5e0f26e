// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/export/result_file.h"
#include "analysis/figure/figure.h"

namespace analysis {

/// The word of the result's json: spectrum, slice, surface, sharpness ...
std::string kindOf(const Result& result);

/// The endings (".csv") that results of a kind can be written with: csv, json, npz, tex, pictures, a matplotlib script and PGFPlots of all; npy, vts, vtp, glb and h5 of surfaces, most of them of
/// slices. .h5 only where the program was built with HDF5.
std::vector<std::string> endingsOf(std::string_view kind);

/// To be asked before a long computation. An empty kind: any that there is.
/// @throws std::invalid_argument for a file name with another ending, listing those that fit; IoError when the file's folder is not there
void requireKnownEnding(const std::filesystem::path& file, std::string_view kind);

/// Writes a result in the format of the file's ending. Atomically, with its provenance inside. The same result gives the same bytes.
/// @throws std::invalid_argument for an ending that does not fit (those that do are listed), IoError
void exportResult(const Result& result, const std::filesystem::path& file);

/// Contour map of a surface (training loss and contours), curves of a slice, eigenvalues with residual bars of a spectrum.
Figure figureOf(const Result& result);

}  // namespace analysis
