// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "trainer/run/run_spec.h"

namespace trainer {

/// What a training will take.
struct RunCost {
  std::int64_t steps = 0;
  std::int64_t parameters = 0;
  std::int64_t bytes = 0;
};

/// Opens the data and builds the model as train() does, so that what does not fit is found before any training. Memory in bytes:
///   2 data (as read, and as held on the device) + P-sized vectors (theta, the kept copy, a gradient, the step; three more for a sharpness method; the
///   optimizer's; averages; the Krylov basis of the curvature) + activations + step records + 32 MB for the thread.
/// Activations: what the graph of one forward pass over 2 and over 4 items keeps is measured, which gives the bytes an item. A gradient takes twice that an
/// item of the largest of batch and evaluation chunk (each kept tensor has a gradient); a double backward (curvature, exact product) four times.
/// What libraries take as scratch beside the tensors is not seen. Cost: two forward passes of 2 and 4 items. @throws as train() for data and model.
RunCost estimateCost(const RunSpec& resolved);

/// How many runs are trained at a time: at most `runs` and `cores`. Not asked for (0): as many as have `threads` threads each within the cores, and together take half
/// of the free memory; at least 1.
std::int64_t chooseJobs(std::int64_t asked, std::int64_t runs, std::int64_t cores, std::int64_t threads, std::int64_t bytesPerRun, std::int64_t freeBytes);

}  // namespace trainer
