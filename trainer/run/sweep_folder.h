// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>

#include "trainer/run/run_record.h"
#include "trainer/run/sweep_spec.h"
#include "trainer/run/sweep_table.h"

/// The folder of a sweep, and what is in it.
namespace trainer {

/// Holds a sweep's folder as long as it lives, or as the process does; another process that wants it is refused.
class SweepLock {
 public:
  /// @throws DataError when another holds it. File systems without locks are not locked.
  explicit SweepLock(const std::filesystem::path& folder);
  ~SweepLock();
  SweepLock(const SweepLock&) = delete;
  SweepLock& operator=(const SweepLock&) = delete;

 private:
  int descriptor_;
};

/// Changes nothing. @throws std::invalid_argument when the folder is neither free nor a sweep of this spec.
void requireSameSweep(const std::filesystem::path& folder, const SweepSpec& spec);

/// How far a run of the plan has come, from its folder alone.
struct RunState {
  enum class Kind { missing, partial, finished } kind = Kind::missing;
  std::int64_t checkpointStep = 0;  ///< partial: where it goes on
};

/// What a run that was killed before its spec was written has left is removed. @throws DataError when the folder holds something else, or another run than planned.
RunState findRun(const PlannedRun& run, const std::filesystem::path& folder);

/// Status and measures from the run's files.
SweepRow readRow(const PlannedRun& run, const std::filesystem::path& folder);

void writeTables(const SweepTable& table, const std::filesystem::path& folder);

}  // namespace trainer
