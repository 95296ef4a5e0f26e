// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/operators/linear_operator.h"
#include "analysis/spectrum/spectrum.h"
#include "trainer/base/context.h"

namespace analysis {

/// The largest P whose dense matrix is made: 3000 (72 MB in double, P products).
constexpr std::int64_t kDenseLimit = 3000;

/// Sets `verification` from the dense matrix, column by column, and Eigen's eigenvalues of it: what `spectrum.top` and `bottom` should be and their largest
/// deviation, trace and Frobenius norm. Cost: P products and 9 P^3 flops.
/// @throws std::invalid_argument  P above kDenseLimit; NumericalError; Cancelled
void verifySpectrum(LinearOperator& a, Spectrum& spectrum, const trainer::Context& context);

/// The same refusal, before anything is computed.
void requireDense(std::int64_t parameters);

}  // namespace analysis
