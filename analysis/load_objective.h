// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "analysis/measure_spec.h"
#include "analysis/objective.h"
#include "trainer/model/model.h"
#include "trainer/run/run_spec.h"

namespace analysis {

/// Whether the caller gives the running statistics of each point (Objective::evaluateWith(theta, statistics)).
enum class Statistics { stay, moveAlong };

/// A checkpoint of a run (or an average beside it), ready to be measured on its samples.
struct LoadedRun {
  trainer::RunSpec spec;
  std::int64_t step = 0;
  std::string device, precision;
  std::shared_ptr<const trainer::Model> model;  ///< without dropout
  trainer::InputShape shape;
  std::int64_t batchSize = 0;        ///< of the training
  std::unique_ptr<Objective> train;  ///< the split asked for, subset by seed; loss plain or training
  std::unique_ptr<Objective> test;   ///< all of the test set, plain loss
};

/// Reads spec, data and checkpoint. With all samples and the plain loss, train->evaluate(theta0) is the recorded evaluation of the split.
/// @throws std::invalid_argument (unknown word; step, split or average that is not there), DataError (also: other data than it was trained on), IoError, DeviceError
/// Batch norm: policy `train` takes the statistics of batches of the run's batch size, `recomputed` those of the training samples in such batches; `interpolated` is
/// `eval` here, and only for callers that move the statistics along themselves.
LoadedRun loadRun(const MeasureSpec& spec, Statistics statistics = Statistics::stay);

}  // namespace analysis
