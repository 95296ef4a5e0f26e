// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "trainer/run/run_spec.h"

namespace trainer {

constexpr int kSweepFormatVersion = 1;
constexpr std::int64_t kMostSweepRuns = 10'000;

/// A grid of runs: every combination of the grid's values, put over the base. Both speak in a run's json keys.
struct SweepSpec {
  std::string name;
  nlohmann::json base = nlohmann::json::object();
  nlohmann::json grid = nlohmann::json::object();  ///< key: a list of values
};

/// One run of a sweep.
struct PlannedRun {
  std::string name;                 ///< of its folder: the grid's keys and values, like "alpha0.2_seed1"; letters, digits and ._+- only
  RunSpec spec;                     ///< resolved
  nlohmann::ordered_json settings;  ///< the grid's keys, the seed last; null where the chosen method does not use the flag
};

/// @throws DataError for an unknown key, a value of a wrong type, an empty list, a value that is there twice or a newer format_version;
/// std::invalid_argument for more than 10,000 runs. `where` is named in the message.
SweepSpec toSweepSpec(const nlohmann::json& json, const std::string& where);
nlohmann::ordered_json toJson(const SweepSpec& spec);

/// Writes down what would otherwise be chosen by the machine: the device (`device`, where not empty, else the base's, else the machine's) and the threads of
/// each run (`threads`, where > 0, else the base's, else 1: so that no result depends on how many runs are trained at a time).
/// @throws std::invalid_argument where the grid is over the same flag; as chooseDevice().
SweepSpec onMachine(SweepSpec spec, const std::string& device, std::int64_t threads);

/// All runs, seeds innermost, other keys in the order of a run's flags. Combinations that differ only in flags that their method does not use are one run, and
/// counted in `notes` (may be null). @throws std::invalid_argument naming the combination that resolve() refuses.
std::vector<PlannedRun> plannedRuns(const SweepSpec& spec, std::vector<std::string>* notes);

/// The first difference, as "grid.alpha was [0,0.2] and is [0,0.4]"; empty where there is none.
std::string difference(const SweepSpec& before, const SweepSpec& now);

}  // namespace trainer
