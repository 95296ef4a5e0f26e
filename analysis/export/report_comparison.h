// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/export/report.h"

namespace analysis {

/// The page of a comparison: its table, what differs, whether it is fair, methods and BibTeX; with each run's curves from its folder, its spectrum (of those in
/// RUN/analyses at the compared step, on the same samples where there is one; the one with most eigenvalues) and the surfaces that were sampled for it.
/// Runs without an evaluation are left out, in words. @throws IoError, DataError for a run or a surface that cannot be read
Report reportOf(const ComparisonResult& result);

}  // namespace analysis
