// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "analysis/export/result_file.h"
#include "trainer/run/run_record.h"
#include "trainer/run/run_spec.h"

namespace analysis {

/// One run of a comparison.
struct ReportRun {
  std::string name;  ///< "SGD", "SAM rho 0.1"
  trainer::RunSpec spec;
  trainer::RunRecord record;
  std::optional<SpectrumResult> spectrum{};
  std::optional<SurfaceResult> surface{};  ///< 2-D; a slice is left out
};

/// A table of the page as text: the first column names the row. What follows a line break in a cell is set small below the rest.
struct ReportTable {
  std::string title, note;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  bool words = false;  ///< sentences, not numbers: left-aligned, broken into lines
};

struct Report {
  std::string title, introduction;
  std::string command;  ///< that makes the whole report again
  std::vector<ReportRun> runs;
  std::vector<ReportTable> tables{};  ///< beside those that follow from the runs
  std::string methods{};              ///< paragraphs, an empty line between; empty: none
  std::string bibliography{};         ///< BibTeX; empty: none
  std::string tableFile = "table.csv";  ///< of the numbers of the first table
};

/// Writes report.html (one self-contained file, see report_html.h), report.json (CONTRACT.md section 4), the table as CSV, curves.svg and, for each run with a surface,
/// surface_<k>.svg / .csv into `folder`. Surfaces share one colour scale; lambda_max stands beside train loss and ||theta||.
/// @throws std::invalid_argument without runs, or for a run without evaluations
void writeReport(const Report& report, const std::filesystem::path& folder);

}  // namespace analysis
