// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "trainer/run/run_controls.h"
#include "trainer/run/run_record.h"

namespace trainer {

/// The changes by hand of one training, from three sources: events that are known (of a resumed run, or to be replayed), RunControls of this process, and
/// RUN/adjust.json of another one (`sharpscape adjust`), which is taken and removed.
class HandChanges {
 public:
  /// `known` ascends in step; those before `firstStep` are handed out by next(firstStep) too, in order.
  HandChanges(std::filesystem::path run, std::shared_ptr<RunControls> controls, std::vector<RunEvent> known);

  struct Due {
    RunEvent event;
    bool isNew = false;  ///< to be written down
  };
  /// What takes effect from `step` (1 for the first) on. A damaged adjust.json is dropped, and said so through `note`.
  std::vector<Due> next(std::int64_t step, std::string* note);

 private:
  void takeFile(std::int64_t step, std::vector<Due>& due, std::string* note);

  std::filesystem::path file_;
  std::shared_ptr<RunControls> controls_;
  std::vector<RunEvent> known_;
  std::size_t taken_ = 0;
};

/// Leaves changes for the process that trains `run`. @throws DataError when no process does, IoError; std::invalid_argument for a value that does not fit.
void requestChanges(const std::filesystem::path& run, const std::vector<std::pair<std::string, double>>& changes);

}  // namespace trainer
