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

/// Running statistics [B] for a theta that no batch has seen (an average): the mean over the batches of the training set, in file order, of each batch's statistics,
/// weighted by its items. Cost: one forward pass of the set. Source: Izmailov et al., UAI 2018, alg. 1. The undefined tensor where there are none.
at::Tensor recomputedBuffers(const PreparedRun& run, const at::Tensor& theta, const Context& context);

}  // namespace trainer
