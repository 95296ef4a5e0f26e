// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/comparison/tabulate.h"

namespace analysis {

/// How a row's settings are told apart.
enum class RowRule {
  measured,  ///< by tests
  counted,   ///< exact: follows from the settings
  timed,     ///< not at all: depends on the machine's load
  described  ///< not at all: of a run and the baseline together
};

/// A row before it is judged.
struct RowDraft {
  ComparedRow row;                   ///< with its cells of runs
  RowRule rule = RowRule::measured;
  std::vector<std::string> how;      ///< one a run: what it was measured on; empty: not measured, or on whole sets by definition
};

/// The cells of every run that is in `comparison`, row by row in the table's order; rows that no run has a value for are left out.
std::vector<RowDraft> draftRows(const ComparisonEvidence& evidence, const CompareSpec& spec, const Comparison& comparison);

/// The values of a setting as one cell: mean and sample deviation over its runs, or the cell of its only one.
ComparedCell settingCell(const ComparedRow& row, const ComparedSetting& setting);

}  // namespace analysis
