// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/train.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/run_files.h"
#include "trainer/run/run_store.h"
#include "trainer/run/scheduled_steps.h"
#include "trainer/run/training.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;

/// LibTorch's errors leave as ours.
template <class Action>
RunRecord atTheEdge(const Action& action) {
  try {
    return action();
  } catch (const c10::Error& e) {
    const std::string text = e.what_without_backtrace();
    throw Error(fmt::format("training failed in LibTorch: {}", text.substr(0, std::min<std::size_t>(text.find('\n'), 300))));
  }
}

void requireTracker(const RunSpec& spec, const TrainOptions& options) {
  if (spec.curvatureEvery && !options.curvature) throw std::invalid_argument("--curvature-every needs a curvature tracker, and this caller gave none");
}

void requireEvents(std::vector<RunEvent>& events) {
  RunControls checked;
  for (const RunEvent& event : events) checked.set(event.name, event.value);
  std::stable_sort(events.begin(), events.end(), [](const RunEvent& a, const RunEvent& b) { return a.step < b.step; });
}

/// Held from here on: a run is trained by one process at a time.
void requireHeld(const FileLock& lock, const fs::path& run) {
  if (!lock.held()) throw DataError(fmt::format("'{}' is being trained by another process; wait for it or stop it first", run.string()));
}

/// The newest checkpoint that is whole, with its state; those that are not are named in a note.
std::optional<TrainingState> newestState(const fs::path& run, const PreparedRun& prepared, const TrainObserver& observer) {
  std::vector<CheckpointInfo> checkpoints = listCheckpoints(run);
  for (auto it = checkpoints.rbegin(); it != checkpoints.rend(); ++it) {
    try {
      return readTrainingState(run, *prepared.model, it->step);
    } catch (const Error& e) {
      if (observer.note) observer.note(fmt::format("{}; going back to an earlier checkpoint", e.what()));
    }
  }
  return std::nullopt;
}

RunRecord goOn(const fs::path& folder, PreparedRun prepared, const TrainObserver& observer, const Context& context, const TrainOptions& options) {
  TrainingStart start{.folder = folder, .state = newestState(folder, prepared, observer), .record = {}, .events = {}};
  cutBack(folder, start.state ? start.state->step : -1, prepared.stepsPerEpoch());
  start.events = readEvents(folder / kEventsFile);
  if (start.state) start.record = readRunRecord(folder);
  return Training(std::move(prepared), std::move(start), observer, context, options).run();
}

}  // namespace

RunRecord train(const RunSpec& spec, const fs::path& folder, const TrainObserver& observer, const Context& context, const TrainOptions& options) {
  requireFreeFolder(folder);
  requireTracker(spec, options);
  return atTheEdge([&] {
    TrainingStart start{.folder = folder, .state = {}, .record = {}, .events = options.events};
    requireEvents(start.events);
    PreparedRun prepared = prepareRun(spec);
    Training training(std::move(prepared), std::move(start), observer, context, options);
    const FileLock lock(folder / kSpecFile);
    requireHeld(lock, folder);
    return training.run();
  });
}

RunRecord resumeTraining(const fs::path& folder, const std::string& device, std::int64_t threads, const TrainObserver& observer, const Context& context,
                         const TrainOptions& options) {
  RunSpec spec = readRunSpec(folder);
  const RunRecord before = readRunRecord(folder);
  if (before.status == RunStatus::completed || before.status == RunStatus::diverged) return before;
  requireTracker(spec, options);
  const FileLock lock(folder / kSpecFile);
  requireHeld(lock, folder);
  if (!device.empty()) spec.device = device;
  if (threads > 0) spec.threads = threads;
  return atTheEdge([&] {
    PreparedRun prepared = prepareRun(spec);
    if (!spec.dataHash.empty() && spec.dataHash != prepared.data.hash)
      throw DataError(fmt::format("the data '{}' are not those that '{}' was trained on (their hash is {}, expected {})", spec.data, folder.string(),
                                  prepared.data.hash, spec.dataHash));
    return goOn(folder, std::move(prepared), observer, context, options);
  });
}

}  // namespace trainer
