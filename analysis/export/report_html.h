// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analysis/export/report.h"

namespace analysis {

/// A self-contained page: figures inline as SVG images, no script, one column on a phone, black on white on paper.
std::string reportHtml(const std::vector<ReportRun>& runs, const Figure& curves, const std::vector<Figure>& surfaces, const std::string& command);

}  // namespace analysis
