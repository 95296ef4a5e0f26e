// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

/// Files that are part of the program: nothing of them is looked for at run time.
namespace analysis {

std::string_view reportStyle();   ///< resources/report/report.css
std::string_view reportScript();  ///< resources/report/report.js
std::string_view plotlyScript();  ///< plotly.min.js (MIT), 5 MB; empty where the build had none

}  // namespace analysis
