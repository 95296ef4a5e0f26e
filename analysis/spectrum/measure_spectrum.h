// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/spectrum/spectrum.h"
#include "trainer/base/context.h"

namespace analysis {

/// The eigenvalues at both ends of the Hessian of the mean loss at a checkpoint, by one Lanczos run.
/// @throws std::invalid_argument (top + bottom < 1 or above P, ...), DataError, IoError, NumericalError, Cancelled before the first pair
Spectrum measureSpectrum(const SpectrumSpec& spec, const trainer::Context& context);

}  // namespace analysis
