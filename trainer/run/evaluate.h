// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trainer/base/context.h"
#include "trainer/data/dataset.h"
#include "trainer/model/model.h"
#include "trainer/run/run_record.h"

namespace trainer {

struct LossAndAccuracy {
  double loss = 0;
  double accuracy = 0;
};

/// Mean cross entropy and share of right answers over the whole of `data`, in chunks, sums in double. One synchronisation.
/// @throws Cancelled between two chunks when a stop was requested.
LossAndAccuracy evaluate(const Model& model, const at::Tensor& theta, const Dataset& data, const Normalisation& normalisation,
                         const Context& context);

/// Gradient [P], in double, of the mean cross entropy + (weightDecay/2) ||theta||^2 over the whole of `data`. Cost: one gradient of the set.
at::Tensor fullGradient(const Model& model, const at::Tensor& theta, const Dataset& data, const Normalisation& normalisation, double weightDecay);

}  // namespace trainer
