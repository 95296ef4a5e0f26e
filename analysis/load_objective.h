// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "analysis/measure_spec.h"
#include "analysis/objective.h"
#include "trainer/run/run_spec.h"

namespace analysis {

/// A checkpoint of a run (or an average beside it), ready to be measured on its samples.
struct LoadedRun {
  trainer::RunSpec spec;
  std::int64_t step = 0;
  std::string device, precision;
  std::unique_ptr<Objective> train;  ///< the split asked for, subset by seed; loss plain or training
  std::unique_ptr<Objective> test;   ///< all of the test set, plain loss
};

/// Reads spec, data and checkpoint. With all samples and the plain loss, train->evaluate(theta0) is the recorded evaluation of the split.
/// @throws std::invalid_argument (unknown word; step, split or average that is not there), DataError (also: other data than it was trained on), IoError, DeviceError
LoadedRun loadRun(const MeasureSpec& spec);

}  // namespace analysis
