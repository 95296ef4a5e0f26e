// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>

#include "trainer/run/run_spec.h"

/// Which steps a run that nobody stops evaluates and saves, and how a folder is brought back to that.
namespace trainer {

bool isEvaluated(std::int64_t step, std::int64_t stepsPerEpoch);
bool isSaved(std::int64_t step, const RunSpec& resolved, std::int64_t stepsPerEpoch);

/// Removes every file of checkpoints that only a stop has made, but for those of `keep`: the model's file last.
void removeUnscheduled(const std::filesystem::path& run, const RunSpec& resolved, std::int64_t stepsPerEpoch, std::int64_t keep);

/// Brings a run's folder back to `step`: later lines of its tables, evaluations that only a stop has made, later checkpoints, the summary and what a
/// kill has left half-written. Known changes by hand stay, also later ones. @throws IoError.
void cutBack(const std::filesystem::path& run, std::int64_t step, std::int64_t stepsPerEpoch);

}  // namespace trainer
