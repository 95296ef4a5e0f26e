// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/preview_axes.h"

#include <chrono>

#include "analysis/surface/plane.h"
#include "analysis/surface/refine_surface.h"

namespace analysis {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kPassesOfAProduct = 6;  ///< two gradients (Objective::hessian), each of three forward passes

/// With a tolerance the least that it takes.
std::int64_t evaluationsOf(const SurfaceSpec& spec) {
  const std::int64_t rows = spec.y ? spec.y->size : 1;
  return spec.tolerance ? leastEvaluations(spec.x.size, rows) : spec.x.size * rows * spec.seeds;
}

}  // namespace

AxesPreview previewAxes(const SurfaceSpec& spec, const trainer::Context& context) {
  validate(spec);
  return atTheEdge([&] {
    const LoadedRun run = loadSurfaceRun(spec);
    const Directions directions = previewDirections(run, spec, context);
    AxesPreview preview{.axes = directions.axes, .cosine = directions.cosine, .points = evaluationsOf(spec)};
    const auto started = Clock::now();
    run.train->evaluate(run.train->theta0());
    const double pass = std::chrono::duration<double>(Clock::now() - started).count();
    PointEvaluator(run, spec.measure)(run.train->theta0());
    preview.secondsPerPoint = std::chrono::duration<double>(Clock::now() - started).count() - pass;
    for (AxisReport& axis : preview.axes) {
      axis.seconds += kPassesOfAProduct * pass * static_cast<double>(axis.products);
      preview.secondsOfAxes += axis.seconds;
    }
    preview.seconds = preview.secondsOfAxes + preview.secondsPerPoint * static_cast<double>(preview.points);
    return preview;
  });
}

}  // namespace analysis
