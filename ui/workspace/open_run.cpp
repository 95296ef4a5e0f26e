// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/open_run.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "trainer/base/error.h"
#include "trainer/run/run_files.h"
#include "trainer/run/run_store.h"

namespace ui {
namespace {

namespace fs = std::filesystem;

/// Oldest first, so that the newest of a kind is kept.
std::vector<fs::path> resultFiles(const fs::path& run) {
  std::error_code ignored;
  std::set<std::pair<fs::file_time_type, fs::path>> files;
  for (const auto& entry : fs::directory_iterator(run / "analyses", ignored))
    if (entry.path().extension() == ".json") files.emplace(entry.last_write_time(ignored), entry.path());
  std::vector<fs::path> sorted;
  for (const auto& [time, file] : files) sorted.push_back(file);
  return sorted;
}

/// Steps of the whole training, also of one that was stopped.
std::int64_t plannedSteps(const SessionRun& run) {
  const trainer::RunRecord& record = run.record;
  if (run.state != RunState::stopped || record.epochs <= 0) return record.steps;
  return std::llround(static_cast<double>(record.steps) / record.epochs * static_cast<double>(run.spec.epochs));
}

}  // namespace

RunState stateOf(trainer::RunStatus status) {
  switch (status) {
    case trainer::RunStatus::completed: return RunState::completed;
    case trainer::RunStatus::diverged: return RunState::diverged;
    default: return RunState::stopped;
  }
}

SessionRun openRun(const fs::path& folder) {
  SessionRun run;
  run.folder = folder.string();
  run.spec = trainer::readRunSpec(folder);
  run.record = trainer::readRunRecord(folder);
  run.name = runName(run.spec);
  run.state = stateOf(run.record.status);
  run.totalSteps = plannedSteps(run);
  run.message = QString::fromStdString(run.record.reason);
  for (const trainer::CheckpointInfo& checkpoint : trainer::listCheckpoints(folder)) run.checkpoints.push_back(checkpoint.step);
  run.elsewhere = !fs::exists(folder / trainer::kSummaryFile);
  for (const fs::path& file : resultFiles(folder)) {
    try {
      run.take(sessionResult(analysis::readResult(file), file.string()));
    } catch (const trainer::Error& e) {
      run.message = QString::fromUtf8(e.what());
    }
  }
  return run;
}

QString runName(const trainer::RunSpec& spec) {
  QString name = QString::fromStdString(trainer::displayName(spec));
  name.replace(QStringLiteral("rho"), QStringLiteral("\u03C1")).replace(QStringLiteral("alpha"), QStringLiteral("\u03B1"));
  return name;
}

}  // namespace ui
