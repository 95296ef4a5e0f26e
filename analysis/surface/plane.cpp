// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/plane.h"

#include <ATen/ATen.h>
#include <ATen/Dispatch.h>

#include "analysis/kernels/plane_point.h"
#include "analysis/surface/axis_kind.h"

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
    : run_(std::move(run)), directions_(makeDirections(run_, spec, context)), evaluate_(run_, spec.measure), theta_(at::empty_like(run_.train->theta0())) {
  if (evaluate_.movesStatistics()) statistics0_ = run_.train->statistics(run_.train->theta0());
  if (!spec.saveDirections.empty()) saveDirections(spec.saveDirections, run_.train->layout(), directions_);
}

void Plane::turn(const SurfaceSpec& spec, const Context& context) { directions_ = makeDirections(run_, spec, context); }

const at::Tensor& Plane::pointAt(double x, double y) {
  writePoint(theta_, run_.train->theta0(), directions_, x, y);
  return theta_;
}

at::Tensor Plane::statisticsAt(double x, double y) const {
  at::Tensor statistics = statistics0_;
  if (statistics.defined() && directions_.b1.defined()) statistics = statistics + x * directions_.b1;
  if (statistics.defined() && directions_.b2.defined()) statistics = statistics + y * directions_.b2;
  return statistics;
}

Plane::Values Plane::evaluate(double x, double y) { return evaluateAt(pointAt(x, y), statisticsAt(x, y)); }

Plane::Values Plane::evaluateAt(const at::Tensor& theta, const at::Tensor& statistics) const { return evaluate_(theta, statistics); }

LoadedRun loadSurfaceRun(const SurfaceSpec& spec) {
  const auto moves = [](const AxisSpec& axis) { return parseAxisKind(axis.kind, "--x").word == AxisKind::Word::toward; };
  const bool toward = spec.directions.empty() && (moves(spec.x) || (spec.y && moves(*spec.y)));
  return loadRun(spec.measure, toward ? Statistics::moveAlong : Statistics::stay);
}

}  // namespace analysis
