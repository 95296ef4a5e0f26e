// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/sweep_spec.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/device.h"
#include "trainer/run/run_spec_fields.h"

namespace trainer {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t kLongestName = 150, kKeptOfLongName = 120;

std::vector<std::string> flagKeys() {
  std::vector<std::string> keys;
  const RunSpec any;
  visitFields(any, [&](const char* key, const char*, const auto&) { keys.emplace_back(key); });
  return keys;
}

/// The grid's keys in the order of a run's flags, the seed last.
std::vector<std::string> gridKeys(const json& grid) {
  std::vector<std::string> keys;
  for (const std::string& key : flagKeys())
    if (key != "seed" && grid.contains(key)) keys.push_back(key);
  if (grid.contains("seed")) keys.emplace_back("seed");
  return keys;
}

/// As it is stored: 0 and 0.0 are one value of a number.
json storedValue(const RunSpec& spec, const std::string& key) {
  const ordered_json all = toJson(spec);
  const auto it = all.find(key);
  return it == all.end() ? json() : json(*it);
}

void checkList(const std::string& key, const json& values, const std::string& where) {
  if (!values.is_array()) throw DataError(fmt::format("'{}': grid.{} must be a list of values, like [{}]", where, key, values.is_object() ? "0, 1" : values.dump()));
  if (values.empty()) throw DataError(fmt::format("'{}': grid.{} is an empty list; it needs one value or more", where, key));
  std::set<std::string> seen;
  for (const json& value : values) {
    RunSpec spec;
    setField(spec, key, value, where + ": grid");
    if (!seen.insert(storedValue(spec, key).dump()).second) throw DataError(fmt::format("'{}': grid.{} has the value {} twice", where, key, value.dump()));
  }
}

/// The base as a run's spec; the data may come from the grid.
RunSpec baseSpec(const SweepSpec& spec, const std::string& where) {
  json base = spec.base;
  if (const auto data = spec.grid.find("data"); data != spec.grid.end()) base["data"] = data->front();
  RunSpec run = toRunSpec(base, where);
  run.dataHash.clear();  // what another run was trained on
  return run;
}

void checkCount(const json& grid) {
  std::int64_t count = 1;
  for (const json& values : grid) {
    count *= static_cast<std::int64_t>(values.size());
    if (count > kMostSweepRuns) throw std::invalid_argument(fmt::format("the grid has more than {} runs; leave out values, or split it into several sweeps", kMostSweepRuns));
  }
}

std::string valueText(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return fmt::format("{}", value.get<double>());
  return value.dump();
}

std::string safe(std::string text) {
  for (char& c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '+' || c == '-';
    if (!plain) c = '-';
  }
  return text;
}

/// "alpha0.2_seed1", "model-cnn_seed0".
std::string folderName(const ordered_json& settings) {
  std::vector<std::string> parts;
  for (const auto& [key, value] : settings.items())
    if (!value.is_null()) parts.push_back(safe(key) + (value.is_number() ? "" : "-") + safe(valueText(value)));
  const std::string name = parts.empty() ? "run" : fmt::format("{}", fmt::join(parts, "_"));
  return name.size() <= kLongestName ? name : name.substr(0, kKeptOfLongName) + "_" + contentHash(name).substr(0, 8);
}

std::string combination(const std::vector<std::string>& keys, const json& grid, const std::vector<std::size_t>& at) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < keys.size(); ++i) parts.push_back(fmt::format("{} {}", keys[i], valueText(grid.at(keys[i])[at[i]])));
  return fmt::format("{}", fmt::join(parts, ", "));
}

/// Counts up like the figures of a number, the last place first; false behind the last.
bool advance(std::vector<std::size_t>& at, const std::vector<std::string>& keys, const json& grid) {
  for (std::size_t i = keys.size(); i-- > 0;) {
    if (++at[i] < grid.at(keys[i]).size()) return true;
    at[i] = 0;
  }
  return false;
}

PlannedRun planOne(RunSpec spec, const std::vector<std::string>& keys, const json& grid, const std::vector<std::size_t>& at) {
  for (std::size_t i = 0; i < keys.size(); ++i) setField(spec, keys[i], grid.at(keys[i])[at[i]], "grid");
  PlannedRun run;
  try {
    run.spec = resolve(std::move(spec), nullptr);
  } catch (const std::invalid_argument& e) {
    throw std::invalid_argument(fmt::format("the run with {} is not possible: {}", combination(keys, grid, at), e.what()));
  }
  for (const std::string& key : keys) run.settings[key] = applies(run.spec, key) ? storedValue(run.spec, key) : json();
  run.name = folderName(run.settings);
  return run;
}

}  // namespace

SweepSpec toSweepSpec(const json& value, const std::string& where) {
  if (!value.is_object()) throw DataError(fmt::format("'{}' is not a sweep: it is not a JSON object with \"base\" and \"grid\"", where));
  for (const auto& [key, ignored] : value.items())
    if (key != "format_version" && key != "program_version" && key != "name" && key != "base" && key != "grid")
      throw DataError(fmt::format("'{}' has the unknown key '{}'; a sweep has format_version, name, base and grid", where, key));
  const json version = value.value("format_version", json(kSweepFormatVersion));
  if (!version.is_number_integer() || version < 1) throw DataError(fmt::format("'{}': format_version must be {}, found {}", where, kSweepFormatVersion, version.dump()));
  if (version > kSweepFormatVersion)
    throw DataError(fmt::format("'{}' was written for a newer Sharpscape: its format_version is {}, this program knows {}", where, version.dump(), kSweepFormatVersion));
  SweepSpec spec;
  const json name = value.value("name", json(""));
  if (!name.is_string()) throw DataError(fmt::format("'{}': the value of 'name' must be a text", where));
  spec.name = name.get<std::string>();
  for (const char* key : {"base", "grid"})
    if (!value.contains(key) || !value.at(key).is_object())
      throw DataError(fmt::format("'{}' needs \"{}\": an object of a run's flags, like {}", where, key, *key == 'b' ? "{\"data\": \"digits\"}" : "{\"seed\": [0, 1, 2]}"));
  spec.base = value.at("base");
  spec.grid = value.at("grid");
  if (spec.grid.empty()) throw DataError(fmt::format("'{}': the grid is empty; it needs a flag with a list of values, like \"seed\": [0, 1, 2]", where));
  for (const auto& [key, values] : spec.grid.items()) checkList(key, values, where);
  baseSpec(spec, where + ": base");
  checkCount(spec.grid);
  return spec;
}

ordered_json toJson(const SweepSpec& spec) {
  ordered_json j{{"format_version", kSweepFormatVersion}};
  if (!spec.name.empty()) j["name"] = spec.name;
  j["base"] = spec.base;
  j["grid"] = spec.grid;
  return j;
}

SweepSpec onMachine(SweepSpec spec, const std::string& device, std::int64_t threads) {
  const auto refuseBoth = [&](const char* key) {
    if (spec.grid.contains(key)) throw std::invalid_argument(fmt::format("--{} and a grid over {} were both given; choose one", key, key));
  };
  if (!device.empty()) refuseBoth("device");
  if (threads > 0) refuseBoth("threads");
  if (!spec.grid.contains("device")) spec.base["device"] = chooseDevice(device.empty() ? spec.base.value("device", "") : device);
  if (threads > 0) spec.base["threads"] = threads;
  if (!spec.grid.contains("threads") && !spec.base.contains("threads")) spec.base["threads"] = 1;
  return spec;
}

std::vector<PlannedRun> plannedRuns(const SweepSpec& spec, std::vector<std::string>* notes) {
  const RunSpec base = baseSpec(spec, "base");
  const std::vector<std::string> keys = gridKeys(spec.grid);
  std::vector<PlannedRun> runs;
  std::map<std::string, std::size_t> taken;
  std::vector<std::size_t> at(keys.size(), 0);
  std::int64_t same = 0;
  do {
    PlannedRun run = planOne(base, keys, spec.grid, at);
    const std::string wanted = run.name;
    auto found = taken.find(run.name);
    for (int i = 2; found != taken.end() && runs[found->second].spec != run.spec; ++i) {
      run.name = fmt::format("{}-{}", wanted, i);
      found = taken.find(run.name);
    }
    if (found != taken.end()) {
      ++same;
      continue;
    }
    taken[run.name] = runs.size();
    runs.push_back(std::move(run));
  } while (advance(at, keys, spec.grid));
  if (same > 0 && notes)
    notes->push_back(fmt::format("{} combination{} only in flags that the chosen method does not use: trained once", same, same == 1 ? " differs" : "s differ"));
  return runs;
}

std::string difference(const SweepSpec& before, const SweepSpec& now) {
  const auto shortText = [](const json& value) {
    const std::string text = value.is_null() ? "not given" : value.dump();
    return text.size() <= 80 ? text : text.substr(0, 77) + "...";
  };
  const auto inObject = [&](const char* part, const json& a, const json& b) -> std::string {
    std::set<std::string> keys;
    for (const json& object : {a, b})
      for (const auto& [key, ignored] : object.items()) keys.insert(key);
    for (const std::string& key : keys) {
      const json was = a.value(key, json()), is = b.value(key, json());
      if (was != is) return fmt::format("{}.{} was {} and is {}", part, key, shortText(was), shortText(is));
    }
    return {};
  };
  const std::string base = inObject("base", before.base, now.base);
  if (!base.empty()) return base;
  const std::string grid = inObject("grid", before.grid, now.grid);
  if (!grid.empty()) return grid;
  return before.name == now.name ? "" : fmt::format("name was '{}' and is '{}'", before.name, now.name);
}

}  // namespace trainer
