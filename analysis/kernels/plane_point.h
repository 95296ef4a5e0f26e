// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// out[i] = theta0[i] + x d1[i] + y d2[i], one pass, our own kernel with its CPU twin. d2 may be null (a slice).
namespace analysis::kernels {

template <class Real>
void planePointCpu(Real* out, const Real* theta0, const Real* d1, const Real* d2, Real x, Real y, std::int64_t count);

/// Device pointers, on the default stream of the current device; does not synchronise.
/// @throws std::runtime_error with CUDA's message; always, where the program was built without nvcc.
template <class Real>
void planePointCuda(Real* out, const Real* theta0, const Real* d1, const Real* d2, Real x, Real y, std::int64_t count);

/// Whether the kernels were compiled.
bool builtWithCuda();

}  // namespace analysis::kernels
