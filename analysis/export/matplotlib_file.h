// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analysis/figure/figure.h"
#include "analysis/interchange/named_array.h"

namespace analysis {

/// A Python script that draws the figure with numpy and matplotlib (3.6 or newer) from the arrays beside it. `dataFile`: the name of the .npz, looked for in the script's own folder.
/// Provenance as comments. `python SCRIPT [PICTURE]` writes PICTURE, without it the script's name with .pdf.
std::string matplotlibScript(const Figure& figure, const std::string& dataFile);

/// What the script reads, by panel (a, b ...): a_x, a_y, a_values [rows of y, columns of x] and a_levels of a field, a_series1_x, a_series1_y, a_series1_error of the
/// series that are drawn; and metadata.
NamedArrays figureArrays(const Figure& figure);

}  // namespace analysis
