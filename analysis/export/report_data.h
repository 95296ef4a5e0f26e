// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analysis/export/report.h"
#include "analysis/export/result_figure.h"

namespace analysis {

/// At most so many surfaces of a report are drawn in 3-D (a browser keeps few WebGL contexts); all have their map.
constexpr std::size_t kMostSolids = 8;

/// The runs that have a 2-D surface, by index.
std::vector<std::size_t> withSurface(const std::vector<ReportRun>& runs);

/// "train", "validation", "test", or "measured" where the surfaces are of different sets. There is one with a surface.
std::string measuredName(const std::vector<ReportRun>& runs);
/// The names of what every surface has at each point, in the order of the data's fields: "train loss" ...
std::vector<std::string> probeColumns(const std::vector<ReportRun>& runs);

/// The numbers of the interactive figures, as json that can stand inside a <script> element (no '<'): runs with their styles, surfaces, shared scales, curves.
/// Losses have 5 significant digits, accuracies 4 decimals. null: not computed; "inf", "-inf", "nan": computed, not finite.
std::string reportData(const std::vector<ReportRun>& runs);

}  // namespace analysis
