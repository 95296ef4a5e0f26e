// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/sweep_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <stdexcept>

#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/run_files.h"
#include "trainer/run/run_store.h"
#include "trainer/run/run_writer.h"
#include "trainer/run/sweep.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;

/// Folders, and files whose writing had begun or that only lock, are nothing that anyone would miss.
bool holdsNothing(const fs::path& folder) {
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (!it->is_directory() && !name.starts_with(std::string(kSpecFile) + ".") && !name.starts_with(".") && !name.ends_with("lock")) return false;
  }
  return !error;
}

/// What the grid has chosen must be what the run was made with; device names are completed when a run begins.
void requirePlanned(const PlannedRun& run, const fs::path& folder) {
  const nlohmann::ordered_json kept = toJson(readRunSpec(folder));
  for (const auto& [key, value] : run.settings.items()) {
    if (value.is_null() || key == "device" || key == "threads" || (kept.contains(key) && kept.at(key) == value)) continue;
    throw DataError(fmt::format("'{}' is another run: its {} is {}, the sweep's is {}; move it away", folder.string(), key,
                                kept.contains(key) ? kept.at(key).dump() : "not given", value.dump()));
  }
}

SweepStatus statusOf(RunStatus status) {
  if (status == RunStatus::completed) return SweepStatus::completed;
  return status == RunStatus::diverged ? SweepStatus::diverged : SweepStatus::stopped;
}

}  // namespace

SweepLock::SweepLock(const fs::path& folder) : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (descriptor_ < 0 || ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  ::close(descriptor_);
  throw DataError(fmt::format("the sweep '{}' is in use by another process; wait for it or stop it first", folder.string()));
}

SweepLock::~SweepLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void requireSameSweep(const fs::path& folder, const SweepSpec& spec) {
  std::error_code error;
  if (!fs::exists(folder, error)) return;
  if (!fs::is_directory(folder, error)) throw std::invalid_argument(fmt::format("--out '{}' exists and is not a folder", folder.string()));
  if (!fs::exists(folder / kSweepFile, error)) {
    if (holdsNothing(folder)) return;
    throw std::invalid_argument(fmt::format("--out '{}' exists and is not a sweep: choose another folder", folder.string()));
  }
  const std::string where = (folder / kSweepFile).string();
  const std::string changed = difference(toSweepSpec(readJson(where), where), spec);
  if (!changed.empty())
    throw std::invalid_argument(fmt::format("--out '{}' is a sweep of another spec: {}; choose another folder", folder.string(), changed));
}

RunState findRun(const PlannedRun& run, const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) return {};
  if (!fs::is_directory(folder, error)) throw DataError(fmt::format("'{}' is in the way: it is not a folder", folder.string()));
  if (!fs::exists(folder / kSpecFile, error)) {
    if (!isFreeFolder(folder)) throw DataError(fmt::format("'{}' is not a run and not empty; move it away", folder.string()));
    fs::remove_all(folder, error);
    if (error) throw IoError(fmt::format("cannot remove '{}': {}", folder.string(), error.message()));
    return {};
  }
  requirePlanned(run, folder);
  if (fs::exists(folder / kSummaryFile, error)) {
    const nlohmann::json summary = readJson(folder / kSummaryFile);
    const nlohmann::json status = summary.is_object() ? summary.value("status", nlohmann::json()) : nlohmann::json();
    if (status == toString(RunStatus::completed) || status == toString(RunStatus::diverged)) return {.kind = RunState::Kind::finished};
  }
  const std::vector<CheckpointInfo> checkpoints = listCheckpoints(folder);
  return {.kind = RunState::Kind::partial, .checkpointStep = checkpoints.empty() ? 0 : checkpoints.back().step};
}

SweepRow readRow(const PlannedRun& run, const fs::path& folder) {
  const RunRecord record = readRunRecord(folder);
  SweepRow row{.name = run.name, .folder = folder.string(), .settings = run.settings, .status = statusOf(record.status), .reason = record.reason};
  row.value(SweepMeasure::seconds) = record.seconds;
  row.value(SweepMeasure::parameterNorm) = record.parameterNorm;
  if (record.parameters == 0) row.value(SweepMeasure::parameterNorm).reset();  // a run that was killed has no summary
  if (!record.curvature.empty() && !std::isnan(record.curvature.back().lambdaMax)) row.value(SweepMeasure::lambdaMax) = record.curvature.back().lambdaMax;
  if (record.evaluations.empty()) return row;
  const EvaluationRecord& last = record.evaluations.back();
  row.value(SweepMeasure::trainLoss) = last.trainLoss;
  row.value(SweepMeasure::validationAccuracy) = last.validationAccuracy;
  row.value(SweepMeasure::testAccuracy) = last.testAccuracy;
  row.value(SweepMeasure::testError) = 1 - last.testAccuracy;
  return row;
}

void writeTables(const SweepTable& table, const fs::path& folder) {
  writeFileAtomically(folder / kSweepRunsFile, runsCsv(table));
  writeFileAtomically(folder / kSweepSettingsFile, settingsCsv(table));
  writeJson(folder / kSweepTableFile, toJson(table));
}

}  // namespace trainer
