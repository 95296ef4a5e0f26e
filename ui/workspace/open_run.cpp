// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/open_run.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "trainer/base/error.h"
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

void addResult(SessionRun& run, const fs::path& file) {
  const analysis::Result result = analysis::readResult(file);
  if (const auto* spectrum = std::get_if<analysis::SpectrumResult>(&result)) {
    run.add(std::make_shared<const analysis::SpectrumResult>(*spectrum));
    return;
  }
  if (const auto* sharpness = std::get_if<analysis::SharpnessResult>(&result)) {
    run.sharpness = std::make_shared<const analysis::SharpnessResult>(*sharpness);
    return;
  }
  if (const auto* invariance = std::get_if<analysis::InvarianceResult>(&result)) {
    run.invariance = std::make_shared<const analysis::InvarianceResult>(*invariance);
    return;
  }
  if (const auto* check = std::get_if<analysis::CheckResult>(&result)) {
    run.check = std::make_shared<const analysis::CheckResult>(*check);
    return;
  }
  const auto* grid = std::get_if<analysis::SurfaceResult>(&result);
  if (grid == nullptr) return;  // a measure that this page has no place for
  run.add(std::make_shared<const analysis::SurfaceResult>(*grid));
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
  for (const fs::path& file : resultFiles(folder)) {
    try {
      addResult(run, file);
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
