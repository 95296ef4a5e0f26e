// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "trainer/run/run_spec.h"

namespace trainer {

/// The built-in comparison: SGD, SAM (rho 0.1) and the gradient-norm penalty (rho 0.2, alpha 0.8) on the digits with `cnn`, 40 epochs,
/// same start and order. What `sharpscape demo` and the first start of the window train.
std::vector<RunSpec> exampleRuns(std::uint64_t seed);

}  // namespace trainer
