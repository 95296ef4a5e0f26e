// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trainer/base/context.h"
#include "trainer/data/dataset.h"
#include "trainer/model/model.h"

namespace trainer {

/// What running statistics are estimated on.
struct StatisticsSamples {
  const Dataset& data;
  const Normalisation& normalisation;
  std::int64_t batch = 128;
};

/// Running statistics [B] for a theta that no batch has seen (an average, a point of a plane): the mean over the batches, in file order, of each batch's
/// statistics, weighted by its items. Without dropout where `model` has none. Cost: one forward pass of the set. The undefined tensor where there are none.
/// Source: Izmailov et al., UAI 2018, alg. 1. @throws Cancelled between two batches.
at::Tensor recomputedBuffers(const Model& model, const at::Tensor& theta, const StatisticsSamples& samples, const Context& context);

}  // namespace trainer
