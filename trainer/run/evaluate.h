// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trainer/base/context.h"
#include "trainer/data/dataset.h"
#include "trainer/model/loss.h"
#include "trainer/model/model.h"
#include "trainer/run/run_record.h"

namespace trainer {

struct LossAndAccuracy {
  double loss = 0;
  double accuracy = 0;
};

/// Mean loss (cross entropy or mse; `loss` without smoothing gives the plain one) and share of right answers over the whole of `data`, in
/// evaluation mode with `buffers` [B] (undefined: the model's initial ones), in chunks, sums in double. One synchronisation.
/// @throws Cancelled between two chunks when a stop was requested.
LossAndAccuracy evaluate(const Model& model, const at::Tensor& theta, const Dataset& data, const Normalisation& normalisation,
                         const Context& context, const at::Tensor& buffers = {}, const LossOptions& loss = {});

/// Gradient [P], in double, of the mean loss + (weightDecay/2) ||theta||^2 over the whole of `data`. Cost: one gradient of the set.
at::Tensor fullGradient(const Model& model, const at::Tensor& theta, const Dataset& data, const Normalisation& normalisation, double weightDecay,
                        const at::Tensor& buffers = {}, const LossOptions& loss = {});

}  // namespace trainer
