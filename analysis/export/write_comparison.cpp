// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/write_comparison.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "analysis/export/comparison_table.h"
#include "analysis/export/report_comparison.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"

namespace analysis {
namespace {

constexpr const char* kComparisonFile = "comparison.json";

}  // namespace

void requireComparisonFolder(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::exists(folder, error) && !std::filesystem::is_directory(folder, error)) throw std::invalid_argument(fmt::format("--out '{}' is a file; name a folder", folder.string()));
  if (std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error) && !std::filesystem::exists(folder / kComparisonFile, error))
    throw std::invalid_argument(fmt::format("--out '{}' exists and is not empty; name a new folder, or that of an earlier comparison", folder.string()));
}

void writeComparison(const ComparisonResult& result, const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw trainer::IoError(fmt::format("the folder '{}' cannot be made: {}", folder.string(), error.message()));
  const Comparison& c = result.comparison;
  const std::string command = commandLine(Result(result));
  trainer::writeFileAtomically(folder / "table.csv", comparisonCsv(c, command));
  trainer::writeFileAtomically(folder / "table.md", comparisonMarkdown(c));
  trainer::writeFileAtomically(folder / "table.tex", "% " + command + "\n" + comparisonLatex(c));
  trainer::writeFileAtomically(folder / "settings.csv", settingsCsv(c));
  trainer::writeFileAtomically(folder / "methods.txt", c.methods + "\n");
  trainer::writeFileAtomically(folder / "references.bib", c.bibtex);
  trainer::writeJson(folder / kComparisonFile, toJson(Result(result)));
  // Last, because it alone reads the runs again.
  writeReport(reportOf(result), folder);
}

}  // namespace analysis
