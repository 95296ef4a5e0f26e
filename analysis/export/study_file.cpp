// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/ranges.h>

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

ordered_json knownNumbers(const std::vector<double>& values) {
  ordered_json list = ordered_json::array();
  for (const double v : values) list.push_back(known(v));
  return list;
}

ordered_json specJson(const StudySpec& s) {
  ordered_json j = specJson(s.measure);
  j["runs"] = s.runs, j["measures"] = s.measures, j["worst"] = s.worst, j["average"] = s.average, j["target"] = s.target, j["resamples"] = s.resamples;
  return j;
}

StudySpec specOf(const json& j, const std::string& run) {
  StudySpec s;
  s.measure = measureSpecOf(j, run);
  s.runs = j.at("runs").get<std::vector<std::string>>(), s.measures = j.at("measures").get<std::vector<std::string>>();
  s.worst = j.at("worst").get<std::vector<double>>(), s.average = j.at("average").get<std::vector<double>>();
  s.target = j.at("target"), s.resamples = j.at("resamples");
  return s;
}

ordered_json measureJson(const StudiedMeasure& m) {
  ordered_json j{{"key", m.key}, {"name", m.name}, {"symbol", m.symbol}, {"percent", m.percent}, {"n", m.n}, {"tau", known(m.tau)}, {"interval_95", {known(m.low), known(m.high)}},
                 {"within", known(m.within)}, {"within_settings", m.withinSettings}, {"across", known(m.across)}, {"across_settings", m.acrossSettings}, {"granulated", known(m.granulated)}};
  j["axes"] = ordered_json::array();
  for (const StudiedAxis& a : m.axes) j["axes"].push_back({{"flag", a.flag}, {"tau", known(a.tau)}, {"groups", a.groups}});
  j["values"] = knownNumbers(m.values);
  return j;
}

StudiedMeasure measureOf(const json& j) {
  StudiedMeasure m{.key = j.at("key"), .name = j.at("name"), .symbol = j.at("symbol"), .percent = j.at("percent"), .values = numbersOf(j.at("values")), .n = j.at("n"), .tau = numberOf(j.at("tau"))};
  m.low = numberOf(j.at("interval_95").at(0)), m.high = numberOf(j.at("interval_95").at(1));
  m.within = numberOf(j.at("within")), m.withinSettings = j.at("within_settings"), m.across = numberOf(j.at("across")), m.acrossSettings = j.at("across_settings");
  m.granulated = numberOf(j.at("granulated"));
  for (const json& a : j.at("axes")) m.axes.push_back({.flag = a.at("flag"), .tau = numberOf(a.at("tau")), .groups = a.at("groups")});
  return m;
}

}  // namespace

ordered_json document(const StudyResult& r) {
  const Study& s = r.study;
  ordered_json j = resultHead("study", r.spec.measure, s.runs.empty() ? 0 : s.runs.front().step, r);
  j["samples"] = s.samples, j["split"] = s.split, j["bn_policy"] = s.batchNorm, j["precision"] = s.precision, j["device"] = s.device;
  j["target"] = {{"key", s.targetKey}, {"name", s.targetName}, {"values", knownNumbers(s.target)}}, j["resampled"] = s.resampled;
  for (const char* part : {"runs", "settings", "measures"}) j[part] = ordered_json::array();
  for (const ComparedRun& k : s.runs) j["runs"].push_back({{"folder", k.folder}, {"name", k.name}, {"setting", k.setting}, {"seed", k.seed}, {"step", k.step}, {"status", k.status}});
  for (const ComparedSetting& k : s.settings) j["settings"].push_back({{"name", k.name}, {"key", k.key}, {"runs", k.runs}});
  for (const StudiedMeasure& m : s.measures) j["measures"].push_back(measureJson(m));
  j["notes"] = s.notes, j["seconds"] = s.seconds, j["stopped"] = s.stopped, j["spec"] = specJson(r.spec);
  return j;
}

StudyResult studyOf(const json& j) {
  StudyResult r{specOf(j.at("spec"), j.at("run")), {}};
  Study& s = r.study;
  s.samples = j.at("samples"), s.split = j.at("split"), s.batchNorm = j.at("bn_policy"), s.precision = j.at("precision"), s.device = j.at("device");
  s.targetKey = j.at("target").at("key"), s.targetName = j.at("target").at("name"), s.target = numbersOf(j.at("target").at("values")), s.resampled = j.at("resampled");
  for (const json& k : j.at("runs"))
    s.runs.push_back({.folder = k.at("folder"), .name = k.at("name"), .setting = k.at("setting"), .seed = k.at("seed"), .step = k.at("step"), .status = k.at("status")});
  for (const json& k : j.at("settings")) s.settings.push_back({.name = k.at("name"), .key = k.at("key"), .runs = k.at("runs").get<std::vector<std::size_t>>()});
  for (const json& m : j.at("measures")) s.measures.push_back(measureOf(m));
  s.notes = j.at("notes").get<std::vector<std::string>>(), s.seconds = j.at("seconds"), s.stopped = j.at("stopped");
  bool fits = s.target.size() == s.runs.size();
  for (const StudiedMeasure& m : s.measures) fits = fits && m.values.size() == s.runs.size();
  for (const ComparedRun& k : s.runs) fits = fits && k.setting < s.settings.size();
  for (const ComparedSetting& k : s.settings)
    for (const std::size_t i : k.runs) fits = fits && i < s.runs.size();
  if (!fits) throw trainer::DataError("its measures, runs and settings do not belong together");
  return r;
}

std::string commandOf(const StudyResult& r) {
  const StudySpec& s = r.spec;
  const StudySpec usual;
  MeasureSpec m = s.measure;
  if (!s.runs.empty()) m.run = s.runs.front();
  std::string line = commandStart("study", m, false, 0);
  for (std::size_t i = 1; i < s.runs.size(); ++i) line += fmt::format(" {}", trainer::shellQuoted(s.runs[i]));
  addFlag(line, "--target", s.target, usual.target);
  if (s.measures != usual.measures) line += fmt::format(" --measures {}", s.measures.empty() ? "none" : fmt::format("{}", fmt::join(s.measures, ",")));
  if (s.worst != usual.worst) line += fmt::format(" --worst {}", fmt::join(s.worst, ","));
  if (s.average != usual.average) line += fmt::format(" --average {}", fmt::join(s.average, ","));
  addFlag(line, "--resamples", s.resamples, usual.resamples);
  return line;
}

}  // namespace analysis
