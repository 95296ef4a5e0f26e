// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "analysis/export/result_file.h"

namespace analysis {

/// @throws std::invalid_argument where `folder` is there and is neither empty nor an earlier comparison's, which is written over; IoError
void requireComparisonFolder(const std::filesystem::path& folder);

/// comparison.json, table.csv, table.md, table.tex, settings.csv, methods.txt, references.bib and the report (report.h; the runs' own table is runs.csv) in `folder`, which is made. Each is written atomically.
void writeComparison(const ComparisonResult& result, const std::filesystem::path& folder);

}  // namespace analysis
