// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "analysis/export/result_file.h"
#include "analysis/figure/figure.h"
#include "trainer/run/run_record.h"
#include "trainer/run/run_spec.h"

namespace analysis {

/// One run of a comparison.
struct ReportRun {
  std::string name;  ///< "SGD", "SAM rho 0.1"
  trainer::RunSpec spec;
  trainer::RunRecord record;
  SpectrumResult spectrum;
  SurfaceResult surface;
};

/// Writes report.html (self-contained: inline SVG, readable on paper and on a phone), report.json (CONTRACT.md section 4), table.csv,
/// curves.svg and surface_<k>.svg / .csv into `folder`. Surfaces share one colour scale; lambda_max stands beside train loss and ||theta||.
/// `command` is the one that makes the whole report again.
void writeReport(const std::vector<ReportRun>& runs, const std::string& command, const std::filesystem::path& folder);

/// Loss, test accuracy and gradient norm over steps of several runs, each in its style.
Figure curvesFigure(const std::vector<ReportRun>& runs);

}  // namespace analysis
