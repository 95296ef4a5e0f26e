// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "analysis/figure/figure.h"

namespace analysis {

enum class FigureFormat { png, svg, pdf };

/// The file's bytes, drawn by Cairo; PNG at `scale` pixels a point. The figure's provenance is in the metadata (PNG text chunks, SVG
/// <metadata>, PDF keywords). The same figure gives the same bytes: no time, path or host inside.
std::string drawFigure(const Figure& figure, FigureFormat format, double scale = 2);

}  // namespace analysis
