// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trainer/base/context.h"
#include "trainer/run/prepare_run.h"
#include "trainer/run/run_record.h"

namespace trainer {

/// Batch sharpness E_b[g_b' H_b g_b / ||g_b||^2] at theta [P] with running statistics [B]: g_b, H_b of the very loss that is stepped on (training mode, with L2,
/// augmentation and dropout) on `batches` batches of the run's size, each drawn without replacement by (seed, step, number), independent of each other and of the
/// training's. Mean and standard error over the batches; a batch without a gradient is left out. One batch and an error of 0 where the batch is the whole set.
/// Cost: a gradient and a product, graph rebuilt, a batch. Source: Andreyev, Beneventano, arXiv 2412.20553, def. 1. @throws Cancelled
TrackedValue batchSharpness(const PreparedRun& run, const at::Tensor& theta, const at::Tensor& buffers, std::int64_t step, std::int64_t batches, const Context& context);

}  // namespace trainer
