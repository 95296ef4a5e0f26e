// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analysis/export/result_file.h"
#include "analysis/figure/figure.h"

namespace analysis {

/// A result and the file it was read from.
struct View {
  std::string source;
  Result result;
};

/// Several results of one kind as the panels (a), (b) ... of one figure, in rows of up to three, with one caption: surfaces as maps on one colour scale with the same
/// contour levels, slices with one loss axis, spectra with one eigenvalue axis (the densities where each has one). The provenance names each panel's command.
/// The figure's command is "sharpscape export SOURCES --to `file`".
/// @throws std::invalid_argument, saying why, for results that cannot share a scale: of different kinds, or losses of another set, objective or function
Figure figureOfSeveral(const std::vector<View>& views, const std::string& file);

}  // namespace analysis
