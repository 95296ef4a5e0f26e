// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/export/report.h"
#include "analysis/figure/figure.h"

namespace analysis {

/// A page in one file that asks nothing of a network (its content security policy forbids it to). With `plotly` (plotly.min.js) its surfaces, maps and curves are
/// interactive: cameras linked, one colour and height scale, a probe of every run at one point, a section. Without, without JavaScript, and on paper, it has
/// the still figures, inline as SVG images. `surfaces`: a figure for each run of withSurface().
std::string reportHtml(const Report& report, const Figure& curves, const std::vector<Figure>& surfaces, std::string_view plotly);

}  // namespace analysis
