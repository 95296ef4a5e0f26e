// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "trainer/base/context.h"
#include "trainer/run/run_record.h"
#include "trainer/run/run_spec.h"

namespace trainer {

/// Someone else's weights as a run folder: spec.json, one checkpoint at step 0, its evaluation and a summary (completed, 0 steps).
/// `spec` names data and model, and activation, mean, std, seed, device and threads where wanted; an empty precision is the file's own. `spec`
/// becomes the resolved one. Cost: an evaluation of both sets and a gradient of the training set.
/// @throws std::invalid_argument  no data or model, a model that does not fit the data, or `folder` exists and is not empty
/// @throws DataError  names or shapes are not the model's (listed); IoError, DeviceError
RunRecord importRun(const std::filesystem::path& weights, RunSpec& spec, const std::filesystem::path& folder, const Context& context);

}  // namespace trainer
