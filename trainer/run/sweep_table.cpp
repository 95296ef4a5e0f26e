// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/sweep_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

namespace trainer {
namespace {

using nlohmann::ordered_json;

/// Means of accuracies that are equal but for rounding: over n <= 10,000 runs that is at most n 2^-53 ~ 1e-12; one item more in one run is far above it.
constexpr double kEqual = 1e-11;

ordered_json withoutSeed(ordered_json settings) {
  settings.erase("seed");
  return settings;
}

std::string text(const ordered_json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return value.get<std::string>();
  return value.is_number_float() ? fmt::format("{}", value.get<double>()) : value.dump();
}

std::string csvField(const std::string& field) {
  if (field.find_first_of(",\"\n\r") == std::string::npos) return field;
  std::string quoted = "\"";
  for (const char c : field) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string csvLine(const std::vector<std::string>& fields) {
  std::vector<std::string> safe;
  for (const std::string& field : fields) safe.push_back(csvField(field));
  return fmt::format("{}\n", fmt::join(safe, ","));
}

std::vector<std::string> keysOf(const ordered_json& settings) {
  std::vector<std::string> keys;
  for (const auto& [key, ignored] : settings.items()) keys.push_back(key);
  return keys;
}

std::string number(const std::optional<double>& value) { return value && std::isfinite(*value) ? fmt::format("{}", *value) : ""; }

ordered_json jsonNumber(const std::optional<double>& value) { return value && std::isfinite(*value) ? ordered_json(*value) : ordered_json(); }

void count(SweepSetting& setting, SweepStatus status) {
  ++setting.runs;
  switch (status) {
    case SweepStatus::completed: ++setting.completed; break;
    case SweepStatus::diverged: ++setting.diverged; break;
    case SweepStatus::failed: ++setting.failed; break;
    case SweepStatus::stopped:
    case SweepStatus::waiting: ++setting.open; break;
  }
}

std::vector<SweepSetting> groupBySetting(const std::vector<SweepRow>& runs) {
  std::vector<SweepSetting> settings;
  std::map<std::string, std::size_t> place;
  std::vector<std::vector<const SweepRow*>> members;
  for (const SweepRow& row : runs) {
    const ordered_json key = withoutSeed(row.settings);
    const auto [it, isNew] = place.emplace(key.dump(), settings.size());
    if (isNew) {
      settings.push_back({.settings = key});
      members.emplace_back();
    }
    count(settings[it->second], row.status);
    if (row.status == SweepStatus::completed) members[it->second].push_back(&row);
  }
  for (std::size_t s = 0; s < settings.size(); ++s)
    for (std::size_t m = 0; m < kSweepMeasures.size(); ++m) {
      std::vector<std::optional<double>> values;
      for (const SweepRow* row : members[s]) values.push_back(row->values[m]);
      settings[s].statistics[m] = statistic(values);
    }
  return settings;
}

/// Sets best and the sentence about it.
void chooseBest(SweepTable& table) {
  std::int64_t open = 0, completed = 0;
  for (const SweepSetting& s : table.settings) {
    open += s.open;
    completed += s.completed;
  }
  const auto validation = [](const SweepSetting& s) -> const Statistic& { return s.of(SweepMeasure::validationAccuracy); };
  if (open > 0) {
    table.note = fmt::format("{} of {} runs {} not done: the best setting is named when all are; the same command goes on", open, table.runs.size(), open == 1 ? "is" : "are");
    return;
  }
  if (completed == 0) {
    table.note = "no run completed";
    return;
  }
  std::vector<std::string> without;
  for (std::size_t i = 0; i < table.settings.size(); ++i) {
    const SweepSetting& s = table.settings[i];
    if (s.completed > 0 && validation(s).count == 0) without.push_back(describe(s.settings));
    if (validation(s).count == 0) continue;
    if (!table.best || validation(s).mean > validation(table.settings[*table.best]).mean + kEqual) table.best = i;
  }
  if (!table.best) {
    table.note = "no best setting is named: no validation set was set aside (\"validation\": 0.2 in the base does), and test data must not choose";
    return;
  }
  const SweepSetting& best = table.settings[*table.best];
  std::vector<std::string> sentences, equal;
  for (const SweepSetting& s : table.settings)
    if (&s != &best && validation(s).count > 0 && std::abs(validation(s).mean - validation(best).mean) <= kEqual) equal.push_back(describe(s.settings));
  if (!equal.empty()) sentences.push_back(fmt::format("equal on validation: {}", fmt::join(equal, "; ")));
  if (best.completed < best.runs)
    sentences.push_back(fmt::format("{} of its {} runs did not complete and {} not in its mean", best.runs - best.completed, best.runs, best.runs - best.completed == 1 ? "is" : "are"));
  if (!without.empty()) sentences.push_back(fmt::format("without a validation set and not compared: {}", fmt::join(without, "; ")));
  table.note = fmt::format("{}", fmt::join(sentences, ". "));
}

ordered_json settingJson(const SweepSetting& s) {
  ordered_json j = s.settings;
  j["runs"] = s.runs;
  j["n"] = s.completed;
  j["diverged"] = s.diverged;
  j["failed"] = s.failed;
  j["open"] = s.open;
  for (std::size_t m = 0; m < kSweepMeasures.size(); ++m) {
    const Statistic& v = s.statistics[m];
    j[kSweepMeasures[m]] = {{"mean", v.count > 0 ? ordered_json(v.mean) : ordered_json()}, {"deviation", jsonNumber(v.deviation)}, {"n", v.count}};
  }
  return j;
}

}  // namespace

std::string toString(SweepStatus status) {
  switch (status) {
    case SweepStatus::waiting: return "waiting";
    case SweepStatus::completed: return "completed";
    case SweepStatus::diverged: return "diverged";
    case SweepStatus::failed: return "failed";
    case SweepStatus::stopped: return "stopped";
  }
  throw std::invalid_argument("not a status of a sweep's run");
}

Statistic statistic(const std::vector<std::optional<double>>& values) {
  Statistic s;
  const auto known = [](const std::optional<double>& v) { return v && std::isfinite(*v); };
  for (const auto& v : values)
    if (known(v)) ++s.count, s.mean += *v;
  if (s.count == 0) return s;
  s.mean /= static_cast<double>(s.count);
  double squares = 0;
  for (const auto& v : values)
    if (known(v)) squares += (*v - s.mean) * (*v - s.mean);
  if (s.count > 1) s.deviation = std::sqrt(squares / static_cast<double>(s.count - 1));
  return s;
}

SweepTable aggregate(std::vector<SweepRow> runs) {
  SweepTable table;
  table.runs = std::move(runs);
  table.settings = groupBySetting(table.runs);
  chooseBest(table);
  return table;
}

std::string describe(const ordered_json& settings) {
  std::vector<std::string> parts;
  for (const auto& [key, value] : settings.items())
    if (!value.is_null()) parts.push_back(fmt::format("{} {}", key, text(value)));
  return parts.empty() ? "seeds only" : fmt::format("{}", fmt::join(parts, ", "));
}

ordered_json toJson(const SweepTable& table) {
  ordered_json j{{"runs", ordered_json::array()}, {"settings", ordered_json::array()}};
  for (const SweepRow& row : table.runs) {
    ordered_json run{{"name", row.name}, {"folder", row.folder}, {"status", toString(row.status)}};
    run.update(row.settings);
    for (std::size_t m = 0; m < kSweepMeasures.size(); ++m) run[kSweepMeasures[m]] = jsonNumber(row.values[m]);
    if (!row.reason.empty()) run["reason"] = row.reason;
    j["runs"].push_back(std::move(run));
  }
  for (const SweepSetting& setting : table.settings) j["settings"].push_back(settingJson(setting));
  j["best"] = table.best ? settingJson(table.settings[*table.best]) : ordered_json();
  j["note"] = table.note;
  return j;
}

std::string settingsCsv(const SweepTable& table) {
  if (table.settings.empty()) return {};
  std::vector<std::string> head = keysOf(table.settings.front().settings);
  for (const char* word : {"runs", "n", "diverged", "failed", "open"}) head.emplace_back(word);
  for (const char* measure : kSweepMeasures)
    for (const char* part : {"_mean", "_deviation", "_n"}) head.push_back(std::string(measure) + part);
  std::string csv = csvLine(head);
  for (const SweepSetting& s : table.settings) {
    std::vector<std::string> line;
    for (const auto& value : s.settings) line.push_back(text(value));
    for (const std::int64_t n : {s.runs, s.completed, s.diverged, s.failed, s.open}) line.push_back(fmt::format("{}", n));
    for (const Statistic& v : s.statistics) {
      line.push_back(v.count > 0 ? fmt::format("{}", v.mean) : "");
      line.push_back(number(v.deviation));
      line.push_back(fmt::format("{}", v.count));
    }
    csv += csvLine(line);
  }
  return csv;
}

std::string runsCsv(const SweepTable& table) {
  if (table.runs.empty()) return {};
  std::vector<std::string> head = {"name", "status"};
  for (const std::string& key : keysOf(table.runs.front().settings)) head.push_back(key);
  head.insert(head.end(), kSweepMeasures.begin(), kSweepMeasures.end());
  head.emplace_back("reason");
  std::string csv = csvLine(head);
  for (const SweepRow& row : table.runs) {
    std::vector<std::string> line = {row.name, toString(row.status)};
    for (const auto& value : row.settings) line.push_back(text(value));
    for (const auto& value : row.values) line.push_back(number(value));
    line.push_back(row.reason);
    csv += csvLine(line);
  }
  return csv;
}

}  // namespace trainer
