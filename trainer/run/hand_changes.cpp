// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/hand_changes.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/run_files.h"
#include "trainer/run/run_store.h"

namespace trainer {

namespace fs = std::filesystem;

HandChanges::HandChanges(fs::path run, std::shared_ptr<RunControls> controls, std::vector<RunEvent> known)
    : file_(run / kAdjustFile), controls_(std::move(controls)), known_(std::move(known)) {}

std::vector<HandChanges::Due> HandChanges::next(std::int64_t step, std::string* note) {
  std::vector<Due> due;
  for (; taken_ < known_.size() && known_[taken_].step <= step; ++taken_) due.push_back({known_[taken_], false});
  if (controls_)
    for (const auto& [name, value] : controls_->take()) due.push_back({{step, name, value}, true});
  std::error_code ignored;
  if (fs::exists(file_, ignored)) takeFile(step, due, note);
  return due;
}

void HandChanges::takeFile(std::int64_t step, std::vector<Due>& due, std::string* note) {
  try {
    const nlohmann::json changes = readJson(file_);
    RunControls checked;
    for (const auto& [name, value] : changes.items()) checked.set(name, value.get<double>());
    for (const auto& [name, value] : checked.take()) due.push_back({{step, name, value}, true});
  } catch (const std::exception& e) {
    *note = fmt::format("a change by hand was dropped: {}", e.what());
  }
  removeFile(file_);
}

void requestChanges(const fs::path& run, const std::vector<std::pair<std::string, double>>& changes) {
  const RunSpec spec = readRunSpec(run);
  RunControls checked;
  nlohmann::ordered_json json;
  for (const auto& [name, value] : changes) {
    checked.set(name, value);
    if (!applies(spec, name)) throw std::invalid_argument(fmt::format("'{}' is not used by '{}' ({})", name, run.string(), displayName(spec)));
    if (name == "alpha" && spec.sharpness == "penalty" && value > 1) throw std::invalid_argument(fmt::format("alpha must be in [0, 1], got {}", value));
    json[name] = value;
  }
  if (FileLock(run / kSpecFile).held()) throw DataError(fmt::format("no process is training '{}': there is nothing to change", run.string()));
  writeJson(run / kAdjustFile, json);
}

}  // namespace trainer
