// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "analysis/export/result_command.h"
#include "analysis/export/result_json.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"

namespace analysis {

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

/// What is not there is null.
ordered_json known(double v) { return std::isnan(v) ? ordered_json() : jsonNumber(v); }

ordered_json specJson(const CompareSpec& s) {
  ordered_json j = specJson(s.measure);
  j["runs"] = s.runs, j["baseline"] = s.baseline, j["names"] = s.names, j["groups"] = s.groups, j["measures"] = s.measures;
  j["worst"] = s.worst, j["average"] = s.average, j["target_loss"] = s.targetLoss ? ordered_json(*s.targetLoss) : nullptr, j["points"] = s.points;
  j["planes"] = s.planes, j["size"] = s.size, j["direction_seed"] = s.directionSeed, j["level"] = s.level;
  return j;
}

CompareSpec specOf(const json& j, const std::string& run) {
  CompareSpec s;
  s.measure = measureSpecOf(j, run);
  using Words = std::vector<std::string>;
  using Numbers = std::vector<double>;
  s.runs = j.at("runs").get<Words>(), s.baseline = j.at("baseline"), s.names = j.at("names").get<Words>(), s.groups = j.at("groups").get<Words>();
  s.measures = j.at("measures").get<Words>(), s.worst = j.at("worst").get<Numbers>(), s.average = j.at("average").get<Numbers>();
  if (!j.at("target_loss").is_null()) s.targetLoss = j.at("target_loss").get<double>();
  s.points = j.at("points"), s.planes = j.at("planes"), s.size = j.at("size"), s.directionSeed = j.at("direction_seed"), s.level = j.at("level");
  return s;
}

/// The kind that a text of toString() is. @throws DataError
template <class Kind>
Kind kindOf(const json& j, Kind last) {
  const std::string word = j.get<std::string>();
  for (int k = 0; k <= static_cast<int>(last); ++k)
    if (toString(static_cast<Kind>(k)) == word) return static_cast<Kind>(k);
  throw trainer::DataError(fmt::format("'{}' is not a kind of error or a verdict that this version knows", word));
}

ordered_json cellJson(const ComparedCell& c) {
  ordered_json j{{"value", known(c.value)}, {"error", known(c.error)}, {"error_kind", toString(c.kind)}};
  if (!std::isnan(c.ownError)) j["own_error"] = jsonNumber(c.ownError), j["own_error_kind"] = toString(c.ownKind);
  j["n"] = c.n, j["converged"] = c.converged;
  if (!c.note.empty()) j["note"] = c.note;
  return j;
}

ComparedCell cellOf(const json& j) {
  ComparedCell c{.value = numberOf(j.at("value")), .error = numberOf(j.at("error")), .kind = kindOf(j.at("error_kind"), ErrorKind::seeds)};
  if (j.contains("own_error")) c.ownError = numberOf(j.at("own_error")), c.ownKind = kindOf(j.at("own_error_kind"), ErrorKind::seeds);
  c.n = j.at("n"), c.converged = j.at("converged"), c.note = j.value("note", "");
  return c;
}

ordered_json contrastJson(const Contrast& c) {
  return {{"delta", known(c.delta)}, {"ratio", known(c.ratio)}, {"verdict", toString(c.verdict)}, {"reason", c.reason}, {"test", c.test}, {"statistic", known(c.statistic)},
          {"freedom", known(c.freedom)}, {"p", known(c.p)}, {"p_holm", known(c.adjusted)}, {"interval_95", {known(c.low), known(c.high)}}};
}

Contrast contrastOf(const json& j) {
  return {.delta = numberOf(j.at("delta")), .ratio = numberOf(j.at("ratio")), .verdict = kindOf(j.at("verdict"), ComparedVerdict::cannotTell), .reason = j.at("reason"), .test = j.at("test"),
          .statistic = numberOf(j.at("statistic")), .freedom = numberOf(j.at("freedom")), .p = numberOf(j.at("p")), .adjusted = numberOf(j.at("p_holm")),
          .low = numberOf(j.at("interval_95").at(0)), .high = numberOf(j.at("interval_95").at(1))};
}

ordered_json rowJson(const ComparedRow& r) {
  ordered_json j{{"group", r.group}, {"key", r.key}, {"name", r.name}, {"symbol", r.symbol}, {"percent", r.percent}, {"rho", r.rho}};
  for (const char* part : {"runs", "settings", "contrasts"}) j[part] = ordered_json::array();
  for (const ComparedCell& c : r.runs) j["runs"].push_back(cellJson(c));
  for (const ComparedCell& c : r.settings) j["settings"].push_back(cellJson(c));
  for (const Contrast& c : r.contrasts) j["contrasts"].push_back(contrastJson(c));
  return j;
}

ComparedRow rowOf(const json& j) {
  ComparedRow r{.group = j.at("group"), .key = j.at("key"), .name = j.at("name"), .symbol = j.at("symbol"), .percent = j.at("percent"), .rho = j.at("rho")};
  for (const json& c : j.at("runs")) r.runs.push_back(cellOf(c));
  for (const json& c : j.at("settings")) r.settings.push_back(cellOf(c));
  for (const json& c : j.at("contrasts")) r.contrasts.push_back(contrastOf(c));
  return r;
}

void writeParts(ordered_json& j, const Comparison& c) {
  for (const char* part : {"runs", "settings", "rows", "flags", "fairness", "planes"}) j[part] = ordered_json::array();
  for (const ComparedRun& r : c.runs)
    j["runs"].push_back({{"folder", r.folder}, {"name", r.name}, {"setting", r.setting}, {"seed", r.seed}, {"step", r.step}, {"status", r.status}});
  for (const ComparedSetting& s : c.settings) j["settings"].push_back({{"name", s.name}, {"key", s.key}, {"runs", s.runs}});
  for (const ComparedRow& r : c.rows) j["rows"].push_back(rowJson(r));
  for (const ComparedFlag& f : c.flags) j["flags"].push_back({{"key", f.key}, {"values", f.values}, {"differs", f.differs}});
  for (const FairnessCheck& f : c.fairness) j["fairness"].push_back({{"name", f.name}, {"verdict", toString(f.verdict)}, {"sentence", f.sentence}, {"remedy", f.remedy}});
  for (const ComparedPlane& p : c.planes) j["planes"].push_back({{"run", p.run}, {"file", p.file}, {"label", p.label}});
}

void readParts(const json& j, Comparison& c) {
  for (const json& r : j.at("runs"))
    c.runs.push_back({.folder = r.at("folder"), .name = r.at("name"), .setting = r.at("setting"), .seed = r.at("seed"), .step = r.at("step"), .status = r.at("status")});
  for (const json& s : j.at("settings")) c.settings.push_back({.name = s.at("name"), .key = s.at("key"), .runs = s.at("runs").get<std::vector<std::size_t>>()});
  for (const json& r : j.at("rows")) c.rows.push_back(rowOf(r));
  for (const json& f : j.at("flags")) c.flags.push_back({.key = f.at("key"), .values = f.at("values").get<std::vector<std::string>>(), .differs = f.at("differs")});
  for (const json& f : j.at("fairness"))
    c.fairness.push_back({.name = f.at("name"), .verdict = kindOf(f.at("verdict"), FairVerdict::unknown), .sentence = f.at("sentence"), .remedy = f.at("remedy")});
  for (const json& p : j.at("planes")) c.planes.push_back({.run = p.at("run"), .file = p.at("file"), .label = p.at("label")});
}

/// Indices of another comparison would be read out of range.
void requireConsistent(const Comparison& c) {
  bool fits = c.baseline < c.settings.size() && c.baselineRun < c.runs.size();
  for (const ComparedRun& r : c.runs) fits = fits && r.setting < c.settings.size();
  for (const ComparedSetting& s : c.settings) fits = fits && std::ranges::all_of(s.runs, [&](std::size_t i) { return i < c.runs.size(); }) && !s.runs.empty();
  for (const ComparedRow& r : c.rows) fits = fits && r.runs.size() == c.runs.size() && r.settings.size() == c.settings.size() && r.contrasts.size() == c.settings.size();
  for (const ComparedFlag& f : c.flags) fits = fits && f.values.size() == c.runs.size();
  if (!fits) throw trainer::DataError("its rows, runs and settings do not belong together");
}

}  // namespace

ordered_json document(const ComparisonResult& r) {
  const Comparison& c = r.comparison;
  ordered_json j = resultHead("comparison", r.spec.measure, c.runs.empty() ? 0 : c.runs.at(c.baselineRun).step, r);
  j["samples"] = c.samples, j["split"] = c.split, j["bn_policy"] = c.batchNorm, j["precision"] = c.precision, j["device"] = c.device;
  j["baseline"] = c.baseline, j["baseline_run"] = c.baselineRun, j["tests"] = c.tests, j["target_loss"] = known(c.targetLoss);
  writeParts(j, c);
  j["notes"] = c.notes, j["methods"] = c.methods, j["bibtex"] = c.bibtex, j["reused"] = c.reused, j["measured"] = c.measured, j["seconds"] = c.seconds, j["stopped"] = c.stopped;
  j["spec"] = specJson(r.spec);
  return j;
}

ComparisonResult comparisonOf(const json& j) {
  ComparisonResult r{specOf(j.at("spec"), j.at("run")), {}};
  Comparison& c = r.comparison;
  c.samples = j.at("samples"), c.split = j.at("split"), c.batchNorm = j.at("bn_policy"), c.precision = j.at("precision"), c.device = j.at("device");
  c.baseline = j.at("baseline"), c.baselineRun = j.at("baseline_run"), c.tests = j.at("tests"), c.targetLoss = numberOf(j.at("target_loss"));
  readParts(j, c);
  c.notes = j.at("notes").get<std::vector<std::string>>(), c.methods = j.at("methods"), c.bibtex = j.at("bibtex");
  c.reused = j.at("reused"), c.measured = j.at("measured"), c.seconds = j.at("seconds"), c.stopped = j.at("stopped");
  requireConsistent(c);
  return r;
}

std::string commandOf(const ComparisonResult& r) {
  const CompareSpec& s = r.spec;
  const CompareSpec usual;
  MeasureSpec m = s.measure;
  m.run = s.runs.empty() ? "" : s.runs.front();
  std::string line = commandStart("compare", m, false, 0);
  for (std::size_t i = 1; i < s.runs.size(); ++i) line += fmt::format(" {}", trainer::shellQuoted(s.runs[i]));
  if (!s.baseline.empty() && s.baseline != m.run) line += fmt::format(" --baseline {}", trainer::shellQuoted(s.baseline));
  const auto words = [&](const char* flag, const std::vector<std::string>& list) {
    if (!list.empty()) line += fmt::format(" {} {}", flag, trainer::shellQuoted(fmt::format("{}", fmt::join(list, ","))));
  };
  words("--names", s.names), words("--groups", s.groups);
  if (s.measures != usual.measures) line += fmt::format(" --measures {}", s.measures.empty() ? "none" : fmt::format("{}", fmt::join(s.measures, ",")));
  if (s.worst != usual.worst) line += fmt::format(" --worst {}", fmt::join(s.worst, ","));
  if (s.average != usual.average) line += fmt::format(" --average {}", fmt::join(s.average, ","));
  if (s.targetLoss) line += fmt::format(" --target-loss {}", *s.targetLoss);
  addFlag(line, "--points", s.points, usual.points);
  addFlag(line, "--planes", s.planes, usual.planes);
  addFlag(line, "--size", s.size, usual.size);
  addFlag(line, "--direction-seed", s.directionSeed, usual.directionSeed);
  addFlag(line, "--level", s.level, usual.level);
  return line;
}

}  // namespace analysis
