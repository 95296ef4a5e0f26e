// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "trainer/base/context.h"
#include "trainer/run/sweep_spec.h"
#include "trainer/run/sweep_table.h"

namespace trainer {

class CurvatureTracker;

/// Names within a sweep's folder.
constexpr const char* kSweepFile = "sweep.json";            ///< the spec, with device and threads written down: a SPEC of its own
constexpr const char* kSweepTableFile = "table.json";       ///< toJson(SweepTable)
constexpr const char* kSweepSettingsFile = "table.csv";     ///< a line a setting
constexpr const char* kSweepRunsFile = "runs.csv";          ///< a line a run
constexpr const char* kSweepRunsFolder = "runs";

/// How a sweep begins.
struct SweepStart {
  std::int64_t runs = 0;
  std::int64_t done = 0;         ///< were finished before
  std::int64_t jobs = 0;         ///< are trained at a time
  std::int64_t bytesPerRun = 0;  ///< estimateCost(), of the largest
};

struct SweepObserver {
  std::function<void(const SweepStart&)> started;
  std::function<void(const SweepRow&)> ended;  ///< a run has ended; on its worker, one at a time
};

struct SweepOptions {
  std::int64_t jobs = 0;                                             ///< runs at a time; 0: chooseJobs()
  std::function<std::shared_ptr<CurvatureTracker>()> makeCurvature;  ///< one a run; needed where a spec asks for curvature_every
};

/// Trains every run of the grid into folder/runs/<name> and writes the tables. Where the folder is a sweep of the same spec it goes on with it: finished runs are
/// left alone, partial ones resumed, missing ones trained.
///
/// Runs are independent, each on one worker with the threads of its spec: bits depend neither on the number of workers nor on interruptions. A run that
/// diverges or fails is a row with its reason and stops no other. A stop ends all of them, keeps what is done and returns the table so far. All checks of the
/// grid, the data and the models come before any training. Progress counts the steps of this call over all runs; context.waitWhilePaused is called by every worker.
/// @throws std::invalid_argument  the folder holds something else, a sweep with another spec (naming the difference), or a combination is not possible
/// @throws DataError, IoError, DeviceError; DataError too when another process works in the folder
SweepTable runSweep(const SweepSpec& spec, const std::filesystem::path& folder, const SweepObserver& observer, const Context& context,
                    const SweepOptions& options = {});

}  // namespace trainer
