// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/export/result_file.h"
#include "analysis/figure/figure.h"

namespace analysis {

/// Loss and accuracy of both sets over t, a curve a line; barriers in the legend.
Figure pathFigure(const PathResult& result);

}  // namespace analysis
