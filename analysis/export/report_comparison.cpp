// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/report_comparison.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "analysis/export/comparison_table.h"
#include "trainer/base/error.h"
#include "trainer/run/run_store.h"

namespace analysis {
namespace {

namespace fs = std::filesystem;

/// How well a spectrum goes with the comparison: the number of its eigenvalues, those on other samples behind all others.
std::int64_t fitOf(const Spectrum& s, const Comparison& c) {
  const auto count = static_cast<std::int64_t>(s.top.size() + s.bottom.size());
  return s.samples == c.samples && s.precision == c.precision ? count + (std::int64_t{1} << 32) : count;
}

std::optional<SpectrumResult> spectrumOfRun(const ComparedRun& run, const Comparison& c) {
  std::optional<SpectrumResult> best;
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(run.folder) / "analyses", error))
    if (entry.path().filename().string().starts_with(fmt::format("spectrum_step{}_", run.step))) files.push_back(entry.path());
  std::ranges::sort(files);
  for (const fs::path& file : files) {
    try {
      const Result result = readResult(file);
      const auto* spectrum = std::get_if<SpectrumResult>(&result);
      if (spectrum && spectrum->spectrum.operatorName == "hessian" && (!best || fitOf(spectrum->spectrum, c) > fitOf(best->spectrum, c))) best = *spectrum;
    } catch (const trainer::Error&) {  // a damaged file of a run is no reason to have no report
    }
  }
  return best;
}

std::optional<SurfaceResult> surfaceOfRun(const ComparedRun& run, const Comparison& c) {
  for (const ComparedPlane& plane : c.planes)
    if (plane.run == run.folder && !plane.file.empty()) {
      const Result result = readResult(plane.file);
      if (const auto* surface = std::get_if<SurfaceResult>(&result)) return *surface;
    }
  return {};
}

/// Below the value, small: delta, ratio and verdict.
std::string contrastText(const Contrast& contrast, bool percent) {
  const std::string verdict = toString(contrast.verdict);
  return verdict.empty() ? "" : fmt::format("\n{}, {}, {}", deltaText(contrast, percent), ratioText(contrast), verdict);
}

ReportTable measuresTable(const Comparison& c) {
  ReportTable t{.title = "Comparison", .note = "", .columns = {"measure"}, .rows = {}};
  for (std::size_t s = 0; s < c.settings.size(); ++s) {
    const std::size_t seeds = c.settings[s].runs.size();
    t.columns.push_back(c.settings[s].name + (seeds > 1 ? fmt::format(" ({} seeds)", seeds) : ""));
  }
  std::set<ErrorKind> kinds;
  for (const ComparedRow& r : c.rows) {
    std::vector<std::string> line = {r.name + (r.symbol.empty() ? "" : " " + r.symbol) + (r.percent ? ", %" : "")};
    for (std::size_t s = 0; s < c.settings.size(); ++s) {
      line.push_back(cellText(r.settings[s], r.percent) + (s == c.baseline ? "" : contrastText(r.contrasts[s], r.percent)));
      kinds.insert(r.settings[s].kind);
    }
    t.rows.push_back(std::move(line));
  }
  kinds.erase(ErrorKind::none);
  std::vector<std::string> words;
  for (const ErrorKind k : kinds) words.push_back(fmt::format("±{} {}", errorLetter(k), toString(k)));
  t.note = fmt::format("Small: difference and ratio to {}, and whether the two can be told apart. {}{}A trailing ? marks what did not converge. \"Within noise\" means not told apart, which is no proof of equality.",
                       c.settings[c.baseline].name, fmt::join(words, ", "), words.empty() ? "" : ". ");
  return t;
}

ReportTable settingsTable(const Comparison& c) {
  ReportTable t{.title = "Settings that differ", .note = "", .columns = {"setting"}, .rows = {}};
  for (const ComparedRun& run : c.runs) t.columns.push_back(run.name);
  std::size_t same = 0;
  for (const ComparedFlag& flag : c.flags) {
    same += flag.differs ? 0 : 1;
    if (!flag.differs) continue;
    t.rows.push_back({flag.key});
    for (const std::string& value : flag.values) t.rows.back().push_back(value.empty() ? "not used" : value);
  }
  t.note = fmt::format("{} others are the same in all settings.", same);
  return t;
}

ReportTable fairnessTable(const Comparison& c) {
  ReportTable t{.title = "Is it a fair comparison?", .note = "", .columns = {"check", "verdict", "what was found", "what to do"}, .rows = {}, .words = true};
  for (const FairnessCheck& check : c.fairness) t.rows.push_back({check.name, toString(check.verdict), check.sentence, check.remedy});
  return t;
}

ReportTable planesTable(const Comparison& c) {
  ReportTable t{.title = "Planes", .note = "", .columns = {"run", "what its surface shows"}, .rows = {}, .words = true};
  for (const ComparedPlane& plane : c.planes) t.rows.push_back({plane.run, plane.label});
  return t;
}

}  // namespace

Report reportOf(const ComparisonResult& result) {
  const Comparison& c = result.comparison;
  Report report{.title = fmt::format("{} runs of {} settings, side by side", c.runs.size(), c.settings.size()), .introduction = "", .command = commandLine(Result(result)), .runs = {}};
  std::vector<std::string> notes = c.notes;
  for (const ComparedRun& run : c.runs) {
    ReportRun r{.name = run.name, .spec = trainer::readRunSpec(run.folder), .record = trainer::readRunRecord(run.folder), .spectrum = spectrumOfRun(run, c), .surface = surfaceOfRun(run, c)};
    if (r.record.evaluations.empty()) notes.push_back(fmt::format("{} has no evaluation yet and is left out of the curves.", run.name));
    else report.runs.push_back(std::move(r));
  }
  if (!report.runs.empty()) {
    const trainer::RunSpec& spec = report.runs.front().spec;
    report.introduction = fmt::format("{} on {}. Compared with {}.", spec.model, spec.data, c.settings[c.baseline].name);
  }
  report.tables = {measuresTable(c), fairnessTable(c), settingsTable(c)};
  if (!c.planes.empty()) report.tables.push_back(planesTable(c));
  if (!notes.empty()) {
    report.tables.push_back({.title = "What could not be done", .note = "", .columns = {"note"}, .rows = {}, .words = true});
    for (const std::string& note : notes) report.tables.back().rows.push_back({note});
  }
  report.methods = c.methods, report.bibliography = c.bibtex, report.tableFile = "runs.csv";
  return report;
}

}  // namespace analysis
