// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/plane.h"

#include <ATen/ATen.h>
#include <ATen/Dispatch.h>

#include "analysis/kernels/plane_point.h"

namespace analysis {
namespace {

/// Where the build has no CUDA kernels, LibTorch's own operations do the same in two passes.
void writePoint(at::Tensor& out, const at::Tensor& theta0, const Directions& d, double x, double y) {
  if (!out.is_cpu() && !(out.is_cuda() && kernels::builtWithCuda())) {
    at::add_out(out, theta0, d.d1, x);
    if (d.d2.defined()) out.add_(d.d2, y);
    return;
  }
  AT_DISPATCH_FLOATING_TYPES(out.scalar_type(), "planePoint", [&] {
    const scalar_t* const second = d.d2.defined() ? d.d2.const_data_ptr<scalar_t>() : nullptr;
    const auto kernel = out.is_cpu() ? kernels::planePointCpu<scalar_t> : kernels::planePointCuda<scalar_t>;
    kernel(out.data_ptr<scalar_t>(), theta0.const_data_ptr<scalar_t>(), d.d1.const_data_ptr<scalar_t>(), second, static_cast<scalar_t>(x),
           static_cast<scalar_t>(y), out.numel());
  });
}

}  // namespace

Plane::Plane(LoadedRun run, const SurfaceSpec& spec, const Context& context)
    : run_(std::move(run)), directions_(makeDirections(run_, spec, context)), oneSample_(spec.measure.split == "test"), theta_(at::empty_like(run_.train->theta0())) {
  if (!spec.saveDirections.empty()) saveDirections(spec.saveDirections, run_.train->layout(), directions_);
}

const at::Tensor& Plane::pointAt(double x, double y) {
  writePoint(theta_, run_.train->theta0(), directions_, x, y);
  return theta_;
}

Plane::Values Plane::evaluate(double x, double y) { return evaluateAt(pointAt(x, y)); }

Plane::Values Plane::evaluateAt(const at::Tensor& theta) {
  const Evaluation first = run_.train->evaluate(theta);
  return {first, oneSample_ ? first : run_.test->evaluate(theta)};
}

}  // namespace analysis
