// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/export/result_table.h"
#include "analysis/figure/provenance.h"

namespace analysis {

/// "# name: value" lines, then each table: its columns and a line a row, numbers with all their digits. Cells with commas, quotes or line breaks are quoted
/// (RFC 4180). Tables that stand aside are comments that start with "#> ".
std::string csvFile(const std::vector<ResultTable>& tables, const Provenance& provenance);

/// A LaTeX tabular a table, with the rules of the package booktabs; numbers to six significant digits, every digit is in the other formats. Provenance as comments.
std::string texFile(const std::vector<ResultTable>& tables, const Provenance& provenance);

}  // namespace analysis
