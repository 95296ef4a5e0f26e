// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "analysis/figure/figure.h"
#include "analysis/interchange/named_array.h"

namespace analysis {

/// .png .svg .pdf (drawn by Cairo), .py (a matplotlib script, its arrays beside it in an .npz of the same name), .tikz (PGFPlots).
bool isFigureEnding(const std::string& ending);

/// The figure with its maps as reliefs in 3-D. @throws std::invalid_argument where it has none, or for a file that a relief cannot be: .png, .svg and .pdf can
Figure inRelief(Figure figure, const ReliefCamera& camera, const std::filesystem::path& file);

/// Writes a figure in the format of the file's ending, each file atomically, its provenance inside. `more`: arrays that a script's .npz holds besides those that are
/// drawn. @throws std::invalid_argument for another ending, IoError
void writeFigure(const Figure& figure, const std::filesystem::path& file, const NamedArrays& more = {});

}  // namespace analysis
