// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>

#include "analysis/surface/axis_maker.h"
#include "analysis/surface/plain_sums.h"

namespace analysis {
namespace {

double cosineOf(const at::Tensor& a, const at::Tensor& b) {
  const double lengths = norm(numbers(a)) * norm(numbers(b));
  return lengths > 0 ? dot(numbers(a), numbers(b)) / lengths : 0;
}

/// y - (<x,y>/<x,x>) x, twice: what rounding left of the first is removed by the second. The running statistics move along.
void orthogonalise(const MadeAxis& x, MadeAxis& y) {
  y.vector = y.vector.clone();
  const std::span<const double> along = numbers(x.vector);
  const std::span<double> out = mutableNumbers(y.vector);
  const double before = norm(out), square = dot(along, along);
  if (square == 0) return;
  for (int pass = 0; pass < 2; ++pass) {
    const double share = dot(along, out) / square;
    addTo(out, -share, along);
    if (x.buffers.defined()) y.buffers = y.buffers.defined() ? y.buffers - share * x.buffers : -share * x.buffers;
  }
  if (!(norm(out) > 1e-6 * before)) throw std::invalid_argument("--orthogonalise leaves nothing of y, which is parallel to x; choose another y");
  y.report.description += ", made orthogonal to x (lengths no longer those of the normalisation)";
}

void makeUnit(MadeAxis& axis, const std::string& flag) {
  const double length = norm(numbers(axis.vector));
  if (!(length > 0)) throw std::invalid_argument(fmt::format("--orthonormal needs directions that are not zero; {} is", flag));
  axis.vector = axis.vector / length;
  if (axis.buffers.defined()) axis.buffers = axis.buffers / length;
  axis.report.description += fmt::format(", made unit (it was {:.4g} long)", length);
}

Directions assemble(MadeAxis x, std::optional<MadeAxis> y, const SurfaceSpec& spec, const at::TensorOptions& options) {
  Directions made;
  const bool known = x.vector.defined() && (!y || y->vector.defined());
  if (y && known && (spec.orthogonalise || spec.orthonormal)) orthogonalise(x, *y);
  if (spec.orthonormal && x.vector.defined()) makeUnit(x, "--x");
  if (spec.orthonormal && y && y->vector.defined()) makeUnit(*y, "--y");
  const auto keep = [&](MadeAxis& axis, at::Tensor& d, at::Tensor& b) {
    if (axis.vector.defined()) {
      d = axis.vector.to(options).contiguous();
      axis.report.norm = norm(numbers(doublesOnCpu(d)));
    }
    if (axis.buffers.defined()) b = axis.buffers.to(options).contiguous();
    made.axes.push_back(axis.report);
  };
  keep(x, made.d1, made.b1);
  if (!y) return made;
  keep(*y, made.d2, made.b2);
  made.cosine = known ? cosineOf(doublesOnCpu(made.d1), doublesOnCpu(made.d2)) : kUnknown;
  return made;
}

Directions made(const LoadedRun& run, const SurfaceSpec& spec, const Context& context, bool preview) {
  AxisMaker maker(run, spec, context, preview);
  MadeAxis x = maker.make("x", spec.x);
  std::optional<MadeAxis> y;
  if (spec.y) y = maker.make("y", *spec.y);
  return assemble(std::move(x), std::move(y), spec, run.train->theta0().options());
}

}  // namespace

Directions makeDirections(const LoadedRun& run, const SurfaceSpec& spec, const Context& context) { return made(run, spec, context, false); }

Directions previewDirections(const LoadedRun& run, const SurfaceSpec& spec, const Context& context) { return made(run, spec, context, true); }

}  // namespace analysis
