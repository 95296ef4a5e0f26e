// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/export/result_file.h"
#include "analysis/figure/figure.h"

namespace analysis {

/// A panel a row: each setting's mean with its error (the panel's note says which kind) and its runs as points beside it. Twelve rows at most.
Figure comparisonFigure(const ComparisonResult& result);

}  // namespace analysis
