// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/recomputed_buffers.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "trainer/model/batch_norm.h"

namespace trainer {

at::Tensor recomputedBuffers(const Model& model, const at::Tensor& theta, const StatisticsSamples& samples, const Context& context) {
  const at::NoGradGuard noGradient;
  if (model.bufferLayout().size() == 0) return {};
  const Dataset& data = samples.data;
  const at::Tensor nothing = at::zeros({model.bufferLayout().size()}, theta.options().requires_grad(false));
  at::Tensor mean = at::zeros_like(nothing);
  for (std::int64_t start = 0; start < data.count(); start += samples.batch) {
    context.checkpoint();
    const std::int64_t count = std::min(samples.batch, data.count() - start);
    at::Tensor updated;
    const at::Tensor x = normalise(data.inputs.narrow(0, start, count), samples.normalisation, theta.scalar_type());
    model.forward(theta, x, {.mode = Mode::train, .buffers = nothing, .updatedBuffers = &updated});
    // From zero statistics an update is the momentum times those of the batch.
    mean += updated * (static_cast<double>(count) / (kBatchNormMomentum * static_cast<double>(data.count())));
  }
  return mean;
}

}  // namespace trainer
