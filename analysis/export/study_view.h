// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analysis/export/result_file.h"
#include "analysis/figure/figure.h"

namespace analysis {

/// A scatter of each measure against the target, a colour and marker a setting, tau in the panel's note; those with the largest |tau| first, twelve at most.
Figure studyFigure(const StudyResult& result);

/// A line a measure and run, behind one comment a measure with its correlations.
std::string studyCsv(const StudyResult& result);

}  // namespace analysis
