// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison/group_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "trainer/base/files.h"
#include "trainer/run/run_spec_fields.h"

namespace analysis {
namespace {

using nlohmann::ordered_json;

/// What is no choice of the training: versions, the machine, what is only written down.
bool belongsToNoSetting(const std::string& key) {
  static const std::set<std::string> others = {"format_version", "program_version", "torch_version", "normalisation", "seed", "device", "threads", "checkpoint_every"};
  return others.contains(key) || key.starts_with("curvature_");
}

std::string text(const nlohmann::json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  return value.is_number_float() ? fmt::format("{}", value.get<double>()) : value.dump();
}

std::string words(const std::string& key) {
  std::string w = key;
  std::ranges::replace(w, '_', ' ');
  return w;
}

/// The setting of run i: of its group's name, else of its key unless the same seed is in it already.
std::size_t settingOf(const ComparisonEvidence& evidence, const CompareSpec& spec, std::size_t i, Comparison& c) {
  const RunEvidence& e = evidence.runs[i];
  const std::string key = settingKey(e);
  for (std::size_t s = 0; s < c.settings.size(); ++s) {
    if (!spec.groups.empty() && c.settings[s].name == spec.groups[i]) return s;
    const bool seedTaken = std::ranges::any_of(c.settings[s].runs, [&](std::size_t r) { return evidence.runs[r].spec.seed == e.spec.seed; });
    if (spec.groups.empty() && c.settings[s].key == key && !seedTaken) return s;
  }
  c.settings.push_back({.name = spec.groups.empty() ? "" : spec.groups[i], .key = key, .runs = {}});
  return c.settings.size() - 1;
}

void addRuns(const ComparisonEvidence& evidence, const CompareSpec& spec, Comparison& c) {
  if (!spec.groups.empty() && spec.groups.size() != evidence.runs.size())
    throw std::invalid_argument(fmt::format("--groups names {} settings for {} runs; it needs one a run", spec.groups.size(), evidence.runs.size()));
  for (std::size_t i = 0; i < evidence.runs.size(); ++i) {
    const RunEvidence& e = evidence.runs[i];
    if (std::ranges::any_of(c.runs, [&](const ComparedRun& r) { return r.folder == e.folder; }))
      throw std::invalid_argument(fmt::format("the run '{}' is named twice; a run is compared with others", e.folder));
    const std::size_t setting = settingOf(evidence, spec, i, c);
    c.settings[setting].runs.push_back(i);
    const std::int64_t last = e.record.evaluations.empty() ? e.record.steps : e.record.evaluations.back().step;
    c.runs.push_back({.folder = e.folder, .name = e.name, .setting = setting, .seed = e.spec.seed, .step = e.step >= 0 ? e.step : last, .status = toString(e.record.status)});
  }
}

void addFlags(const ComparisonEvidence& evidence, Comparison& c) {
  std::vector<ordered_json> specs;
  for (const RunEvidence& e : evidence.runs) specs.push_back(toJson(e.spec));
  const auto valueOf = [&](std::size_t run, const std::string& key) { return specs[run].contains(key) ? text(specs[run].at(key)) : std::string(); };
  trainer::visitFields(evidence.runs.front().spec, [&](const std::string& key, const char*, const auto&) {
    ComparedFlag flag{.key = key, .values = {}};
    for (std::size_t i = 0; i < specs.size(); ++i) flag.values.push_back(valueOf(i, key));
    for (const ComparedSetting& s : c.settings) flag.differs = flag.differs || (key != "seed" && flag.values[s.runs.front()] != flag.values[c.settings.front().runs.front()]);
    c.flags.push_back(std::move(flag));
  });
  std::ranges::stable_sort(c.flags, [](const ComparedFlag& a, const ComparedFlag& b) { return a.differs && !b.differs; });
}

/// Stopped, or not at its end yet: another training than the whole one.
bool endedEarly(const RunEvidence& run) { return run.record.status == trainer::RunStatus::stopped || run.record.status == trainer::RunStatus::running; }

/// "SGD", and where others are called that too, what sets it apart: "SGD, learning rate 0.1".
void nameSettings(const ComparisonEvidence& evidence, Comparison& c) {
  for (ComparedSetting& s : c.settings) {
    const RunEvidence& first = evidence.runs[s.runs.front()];
    if (!s.name.empty()) continue;
    s.name = s.runs.size() == 1 && !first.name.empty() ? first.name : displayName(first.spec);
    if (endedEarly(first)) s.name += fmt::format(", ended at step {}", first.record.steps);
  }
  std::map<std::string, std::vector<std::size_t>> byName;
  for (std::size_t i = 0; i < c.settings.size(); ++i) byName[c.settings[i].name].push_back(i);
  for (const auto& [name, alike] : byName) {
    if (alike.size() < 2) continue;
    for (const ComparedFlag& f : c.flags) {
      const auto value = [&](std::size_t setting) { return f.values[c.settings[setting].runs.front()]; };
      if (!f.differs || std::ranges::all_of(alike, [&](std::size_t s) { return value(s) == value(alike.front()); })) continue;
      for (const std::size_t s : alike)
        if (!value(s).empty()) c.settings[s].name += fmt::format(", {} {}", words(f.key), value(s));
    }
  }
  std::map<std::string, int> taken;
  for (ComparedSetting& s : c.settings)
    if (const int n = ++taken[s.name]; n > 1) s.name += fmt::format(" ({})", n);
}

void nameRuns(Comparison& c) {
  std::map<std::string, int> taken;
  for (ComparedRun& r : c.runs) {
    const ComparedSetting& s = c.settings[r.setting];
    if (r.name.empty()) r.name = s.runs.size() == 1 ? s.name : fmt::format("{}, seed {}", s.name, r.seed);
    if (const int n = ++taken[r.name]; n > 1) r.name += fmt::format(" ({})", n);
  }
}

}  // namespace

std::string settingKey(const RunEvidence& run) {
  ordered_json kept = ordered_json::object();
  const ordered_json spec = toJson(run.spec);
  for (const auto& [key, value] : spec.items())
    if (!belongsToNoSetting(key) && !(key == "data" && !run.spec.dataHash.empty())) kept[key] = value;
  for (const trainer::RunEvent& e : run.record.events) kept["events"].push_back({e.step, e.name, e.value});
  if (endedEarly(run)) kept["ended_at"] = run.record.steps;
  return trainer::contentHash(kept.dump()).substr(0, 12);
}

void groupRuns(const ComparisonEvidence& evidence, const CompareSpec& spec, Comparison& c) {
  if (evidence.runs.size() < 2) throw std::invalid_argument(fmt::format("a comparison needs two runs or more, got {}", evidence.runs.size()));
  addRuns(evidence, spec, c);
  addFlags(evidence, c);
  nameSettings(evidence, c);
  nameRuns(c);
  if (spec.baseline.empty()) return;
  const auto at = std::ranges::find(c.runs, spec.baseline, &ComparedRun::folder);
  if (at == c.runs.end()) throw std::invalid_argument(fmt::format("--baseline '{}' is none of the runs that are compared", spec.baseline));
  c.baselineRun = static_cast<std::size_t>(at - c.runs.begin());
  c.baseline = at->setting;
}

}  // namespace analysis
