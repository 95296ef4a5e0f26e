// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "analysis/measure_spec.h"
#include "analysis/objective.h"
#include "trainer/run/run_spec.h"

namespace analysis {

/// A checkpoint of a run, ready to be measured on its train and test samples.
struct LoadedRun {
  trainer::RunSpec spec;
  std::int64_t step = 0;
  std::string device, precision;
  std::unique_ptr<Objective> train;  ///< the split asked for, subset by seed; loss plain or training
  std::unique_ptr<Objective> test;   ///< all of the test set, plain loss
};

/// Reads spec, data and checkpoint. With all samples, train->evaluate(theta0) is the recorded evaluation.
/// @throws std::invalid_argument (unknown word, step that is not there), DataError, IoError, DeviceError
LoadedRun loadRun(const MeasureSpec& spec);

}  // namespace analysis
