// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/kernels/plane_point.h"

#include <stdexcept>

namespace analysis::kernels {

// Products and sums are rounded one by one (no fused multiply-add), so that the CUDA kernel and PyTorch's a + x * b + y * c give the same bits.
template <class Real>
void planePointCpu(Real* out, const Real* theta0, const Real* d1, const Real* d2, Real x, Real y, std::int64_t count) {
  if (d2 == nullptr) {
    for (std::int64_t i = 0; i < count; ++i) out[i] = theta0[i] + x * d1[i];
  } else {
    for (std::int64_t i = 0; i < count; ++i) out[i] = theta0[i] + x * d1[i] + y * d2[i];
  }
}

template void planePointCpu(float*, const float*, const float*, const float*, float, float, std::int64_t);
template void planePointCpu(double*, const double*, const double*, const double*, double, double, std::int64_t);

#ifdef SHARPSCAPE_HAS_NVCC
bool builtWithCuda() { return true; }
#else
bool builtWithCuda() { return false; }

template <class Real>
void planePointCuda(Real*, const Real*, const Real*, const Real*, Real, Real, std::int64_t) {
  throw std::runtime_error("the CUDA kernels are not in this build (no nvcc was found); build again with nvcc, or use the CPU");
}

template void planePointCuda(float*, const float*, const float*, const float*, float, float, std::int64_t);
template void planePointCuda(double*, const double*, const double*, const double*, double, double, std::int64_t);
#endif

}  // namespace analysis::kernels
