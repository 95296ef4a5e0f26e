// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <variant>

#include "analysis/export/result_file.h"

/// What a result holds as tables: the csv, the LaTeX table and the arrays of a .npz are these.
namespace analysis {

using TableCell = std::variant<std::monostate, double, std::int64_t, bool, std::string>;  ///< monostate: empty

struct ResultTable {
  std::string name;                  ///< eigenvalues, density, measures ...; empty: the only one
  std::vector<std::string> columns;
  std::vector<std::vector<TableCell>> rows;
  bool aside = false;                ///< not of the grid itself: csv writes it as comments ("#> ")
};

/// NaN as an empty cell.
TableCell cellOrEmpty(double value);

std::vector<ResultTable> tablesOf(const SpectrumResult& r);
std::vector<ResultTable> tablesOf(const SurfaceResult& r);
std::vector<ResultTable> tablesOf(const SharpnessResult& r);
std::vector<ResultTable> tablesOf(const InvarianceResult& r);
std::vector<ResultTable> tablesOf(const MatchedResult& r);
std::vector<ResultTable> tablesOf(const KappaResult& r);
std::vector<ResultTable> tablesOf(const PathResult& r);
std::vector<ResultTable> tablesOf(const CheckResult& r);
std::vector<ResultTable> tablesOf(const OdditiesResult& r);
std::vector<ResultTable> tablesOf(const BenchResult& r);
std::vector<ResultTable> tablesOf(const ComparisonResult& r);
std::vector<ResultTable> tablesOf(const StudyResult& r);

}  // namespace analysis
