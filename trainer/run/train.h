// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>

#include "trainer/base/context.h"
#include "trainer/run/run_record.h"
#include "trainer/run/run_spec.h"

namespace trainer {

/// Called on the training thread, and expected to return at once.
struct TrainObserver {
  std::function<void(const RunSpec& resolved, std::int64_t totalSteps, std::int64_t parameters)> started;
  std::function<void(const StepRecord&)> step;
  std::function<void(const EvaluationRecord&)> evaluation;
};

/// Trains one network and writes the run folder (DESIGN.md section 5). All checks come before any training.
///
/// A step: g1 of the batch loss with L2 in it; for sam and penalty theta + rho g1/||g1||, g2 there; g = (1-alpha) g1 + alpha g2; clip;
/// base step. theta is restored from a kept copy. Bits depend only on spec, threads and device. A stop keeps what is done (status
/// `stopped`, a checkpoint at the last step); a loss that is not finite ends the run as `diverged` at the last good step.
/// Cost: 1 gradient a step, 2 for sam and penalty; one evaluation of both sets an epoch.
/// @throws std::invalid_argument  a name or range is wrong, widths do not fit the data, or `folder` exists and is not empty
/// @throws DataError, IoError, DeviceError
RunRecord train(const RunSpec& spec, const std::filesystem::path& folder, const TrainObserver& observer, const Context& context);

}  // namespace trainer
