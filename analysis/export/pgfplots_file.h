// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analysis/figure/figure.h"

namespace analysis {

/// A tikzpicture for \input, drawn by PGFPlots (its library groupplots; compat 1.16 or newer) with its numbers inside: no other program and no other file is
/// needed. Fields are coloured from at most 65 points a side (a larger grid is thinned by the smallest whole step, which the comment says: TeX's memory) under
/// contour lines from all of them. Points that were not computed or are not finite are left out. Provenance as comments.
std::string pgfplotsFile(const Figure& figure);

/// Text as LaTeX sets it.
std::string latexEscaped(const std::string& text);

}  // namespace analysis
