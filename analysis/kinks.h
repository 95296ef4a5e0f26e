// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trainer/run/run_spec.h"

namespace analysis {

/// Whether a finite step along a direction can cross kinks of the network (ReLU, max pooling): there a difference of gradients is another quantity than a Hessian product.
bool isKinked(const trainer::RunSpec& run);

}  // namespace analysis
