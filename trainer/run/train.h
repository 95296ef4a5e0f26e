// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "trainer/base/context.h"
#include "trainer/run/run_controls.h"
#include "trainer/run/run_record.h"
#include "trainer/run/run_spec.h"

namespace trainer {

class CurvatureTracker;

/// Called on the training thread, and expected to return at once.
struct TrainObserver {
  std::function<void(const RunSpec& resolved, std::int64_t totalSteps, std::int64_t parameters)> started;
  std::function<void(const StepRecord&)> step;
  std::function<void(const EvaluationRecord&)> evaluation;
  std::function<void(const CurvatureRecord&)> curvature;
  std::function<void(const RunEvent&)> event;
  std::function<void(const std::string&)> note;  ///< a sentence for people: what was chosen, dropped or skipped
};

/// What a training may be given beside its spec; everything may be empty.
struct TrainOptions {
  std::shared_ptr<RunControls> controls;         ///< changes by hand
  std::vector<RunEvent> events;                  ///< changes to be replayed, at their steps
  std::shared_ptr<CurvatureTracker> curvature;   ///< needed where the spec asks for curvature_every
};

/// Trains one network and writes the run folder (DESIGN.md section 5). All checks come before any training.
///
/// A step: gradient of the training objective (with L2 in it) on the batch; perturbation, second gradient and combination as SharpnessStep says;
/// clip; base step. Batch-norm statistics, logged loss and gradient norm come from the first pass, and both passes use the same random numbers. theta is
/// restored from a kept copy. Bits depend only on spec, events, threads and device. A stop keeps what is done (status `stopped`, a checkpoint
/// at the last step); a loss that is not finite ends the run as `diverged` at the last good step.
/// Cost: gradientsPerStep(spec) gradients a step; one evaluation of every set an epoch.
/// @throws std::invalid_argument  a name or range is wrong, widths do not fit the data, or `folder` exists and is not empty
/// @throws DataError, IoError, DeviceError
RunRecord train(const RunSpec& spec, const std::filesystem::path& folder, const TrainObserver& observer, const Context& context,
                const TrainOptions& options = {});

/// Goes on with a run from its last whole checkpoint: what was written behind it is cut back, and the end is that of a run that was never stopped, bit by bit
/// but for `seconds`. A run that has ended (completed, diverged) is left alone and returned; one without a checkpoint starts again.
/// @throws as train(), and DataError when the data are no longer those it was trained on or the run is in use by another process
RunRecord resumeTraining(const std::filesystem::path& folder, const std::string& device, std::int64_t threads, const TrainObserver& observer,
                         const Context& context, const TrainOptions& options = {});

}  // namespace trainer
