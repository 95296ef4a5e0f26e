// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analysis/comparison/comparison.h"

/// A comparison as tables for other programs and for people.
namespace analysis {

/// A line a row and setting, with every number and its kind of error, delta, ratio, verdict, test and p values; numbers with all digits. `command` in the first line.
std::string comparisonCsv(const Comparison& comparison, const std::string& command);
/// A line a flag and a column a run.
std::string settingsCsv(const Comparison& comparison);
/// A table of a line a row: value and error of each setting, delta, ratio and verdict against the baseline. Kinds of error are told apart by letters that are
/// explained below the table. Markdown, LaTeX (booktabs) and aligned text.
std::string comparisonMarkdown(const Comparison& comparison);
std::string comparisonLatex(const Comparison& comparison);
std::string comparisonText(const Comparison& comparison);

/// "97.50 ±b 0.82", "0.0891", "-": as many digits as the error has a meaning for (two of it), four without one; percent where the row is. A trailing "?" where it did
/// not converge.
std::string cellText(const ComparedCell& cell, bool percent);
/// "+0.83", "x 0.687"
std::string deltaText(const Contrast& contrast, bool percent);
std::string ratioText(const Contrast& contrast);
/// The letter behind "±": r p b i a k s.
char errorLetter(ErrorKind kind);

}  // namespace analysis
