// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/kernels/plane_point.h"

#include <cuda_runtime.h>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace analysis::kernels {
namespace {

constexpr std::int64_t kThreads = 256, kMaxBlocks = 4096;

// Rounded one by one, as the CPU twin does.
__device__ float axpy(float a, float x, float d) { return __fadd_rn(a, __fmul_rn(x, d)); }
__device__ double axpy(double a, double x, double d) { return __dadd_rn(a, __dmul_rn(x, d)); }

template <class Real>
__global__ void planePoint(Real* out, const Real* theta0, const Real* d1, const Real* d2, Real x, Real y, std::int64_t count) {
  const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
  for (std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += stride) {
    const Real onX = axpy(theta0[i], x, d1[i]);
    out[i] = d2 == nullptr ? onX : axpy(onX, y, d2[i]);
  }
}

void require(cudaError_t status, const char* what) {
  if (status != cudaSuccess) throw std::runtime_error(std::string(what) + ": " + cudaGetErrorString(status));
}

}  // namespace

template <class Real>
void planePointCuda(Real* out, const Real* theta0, const Real* d1, const Real* d2, Real x, Real y, std::int64_t count) {
  if (count <= 0) return;
  const std::int64_t blocks = std::min(kMaxBlocks, (count + kThreads - 1) / kThreads);
  planePoint<<<static_cast<unsigned>(blocks), static_cast<unsigned>(kThreads)>>>(out, theta0, d1, d2, x, y, count);
  require(cudaGetLastError(), "the CUDA kernel of a plane's point did not start");
}

template void planePointCuda(float*, const float*, const float*, const float*, float, float, std::int64_t);
template void planePointCuda(double*, const double*, const double*, const double*, double, double, std::int64_t);

}  // namespace analysis::kernels
