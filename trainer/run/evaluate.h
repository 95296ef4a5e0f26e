// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trainer/base/context.h"
#include "trainer/run/prepare_run.h"
#include "trainer/run/run_record.h"

namespace trainer {

/// Where a network stands: theta [P] and running statistics [B].
struct ModelPoint {
  at::Tensor theta, buffers;
};

struct LossAndAccuracy {
  double loss = 0;
  double accuracy = 0;
};

/// Mean plain loss (no L2, no smoothing) and share of right answers over the whole of `data` (tokens: over all of them), evaluation mode, in chunks, sums in
/// double. One synchronisation. @throws Cancelled between two chunks when a stop was requested.
LossAndAccuracy evaluate(const PreparedRun& run, const ModelPoint& at, const Dataset& data, const Context& context);

/// Gradient [P], in double, of the training objective (smoothing and L2 in it) over the whole training set, evaluation mode. Cost: one gradient of the set.
at::Tensor fullGradient(const PreparedRun& run, const ModelPoint& at);

}  // namespace trainer
