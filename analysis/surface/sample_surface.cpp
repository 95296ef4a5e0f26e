// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/sample_surface.h"

#include <chrono>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "analysis/surface/grid_order.h"
#include "analysis/surface/plane.h"
#include "analysis/surface/plane_marks.h"
#include "analysis/surface/project_sam_step.h"
#include "analysis/surface/refine_surface.h"
#include "analysis/surface/sample_fields.h"
#include "analysis/surface/sample_seeds.h"

namespace analysis {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kBetweenViews = std::chrono::milliseconds(200);
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

SurfaceGrid emptyGrid(const Plane& plane, const SurfaceSpec& spec) {
  SurfaceGrid g;
  g.step = plane.run().step;
  g.samples = plane.run().train->sampleCount();
  g.split = spec.measure.split;
  g.testSamples = g.split == "test" ? g.samples : plane.run().test->sampleCount();
  g.parameters = plane.run().train->layout().size();
  g.thetaNorm = plane.run().train->theta0().to(at::kDouble).norm().item<double>();
  g.batchNorm = spec.measure.batchNorm;
  g.precision = plane.run().precision;
  g.device = plane.run().device;
  g.x = coordinates(spec.x);
  g.slice = !spec.y;
  g.y = spec.y ? coordinates(*spec.y) : std::vector<double>{0};
  const auto points = static_cast<std::size_t>(g.rows() * g.columns());
  for (SurfaceValues* values : {&g.train, &g.test}) {
    values->loss.assign(points, kMissing);
    values->accuracy.assign(points, kMissing);
  }
  g.computed.assign(points, 0);
  g.axes = plane.directions().axes;
  for (const AxisReport& axis : g.axes) g.directions.push_back(axis.description), g.directionNorms.push_back(axis.norm);
  g.cosine = plane.directions().cosine;
  g.centre = kMissing;
  return g;
}

/// Fills a grid point by point.
class Sampler {
 public:
  Sampler(Plane& plane, const SurfaceSpec& spec, const SurfaceObserver& observer, const Context& context, const KnownPoints& known)
      : plane_(plane), spec_(spec), observer_(observer), context_(context), grid_(emptyGrid(plane, spec)) {
    if (known.grid) takeOver(*known.grid, grid_);
  }

  SurfaceGrid run() {
    try {
      const std::size_t centre = centreIndex(grid_);
      computeCentre(centre);
      grid_.centre = grid_.train.loss[centre];
      if (spec_.tolerance) refine();
      else fillAll();
    } catch (const trainer::Cancelled&) {
      grid_.stopped = true;
      dropInterpolated();
    }
    grid_.seconds = secondsSoFar();
    return std::move(grid_);
  }

 private:
  std::size_t index(GridPoint p) const { return static_cast<std::size_t>(p.row * grid_.columns() + p.column); }
  double secondsSoFar() const { return std::chrono::duration<double>(Clock::now() - started_).count(); }

  void computeCentre(std::size_t i) {
    const bool known = grid_.computed[i] != 0;
    const double before = grid_.train.loss[i];
    if (known) --grid_.evaluations;
    compute({static_cast<std::int64_t>(i) % grid_.columns(), static_cast<std::int64_t>(i) / grid_.columns()});
    if (known && !(grid_.train.loss[i] == before || (std::isnan(before) && std::isnan(grid_.train.loss[i]))))
      throw std::invalid_argument(fmt::format("--continue: the earlier result has the loss {:.17g} at its centre, here it is {:.17g}; its points are not those of this run and machine",
                                              before, grid_.train.loss[i]));
  }

  void fillAll() {
    const GridOrder order = gridOrder(grid_.columns(), grid_.rows());
    shown_ = order.front().stride;
    for (const GridLevel& level : order) fill(level);
  }

  void refine() {
    total_ = grid_.evaluations;
    const auto evaluate = [this](GridPoint p) {
      if (grid_.computed[index(p)] == 0) compute(p);
    };
    refineSurface(grid_, {.tolerance = *spec_.tolerance, .seed = spec_.measure.seed, .evaluate = evaluate,
                          .planned = [this](std::int64_t more) { total_ = grid_.evaluations + more; }, .shown = [this] { show(); }});
    show();
  }

  /// What no draw has checked promises nothing.
  void dropInterpolated() {
    for (std::size_t i = 0; i < grid_.interpolated.size(); ++i)
      if (grid_.interpolated[i] != 0) grid_.train.loss[i] = grid_.train.accuracy[i] = grid_.test.loss[i] = grid_.test.accuracy[i] = kMissing;
    grid_.interpolated.clear();
    grid_.promise.reset();
  }

  void compute(GridPoint p) {
    context_.checkpoint();
    const auto values = plane_.evaluate(grid_.x[static_cast<std::size_t>(p.column)], grid_.y[static_cast<std::size_t>(p.row)]);
    const std::size_t i = index(p);
    grid_.train.loss[i] = values.train.loss;
    grid_.train.accuracy[i] = values.train.accuracy;
    grid_.test.loss[i] = values.test.loss;
    grid_.test.accuracy[i] = values.test.accuracy;
    grid_.computed[i] = 1;
    if (!grid_.interpolated.empty()) grid_.interpolated[i] = 0;
    ++grid_.evaluations;
    context_.report({.stage = grid_.slice ? fmt::format("{} points", grid_.columns()) : fmt::format("{} x {}", grid_.columns(), grid_.rows()),
                     .unit = "points", .done = grid_.evaluations, .total = total_});
  }

  void fill(const GridLevel& level) {
    for (const GridPoint p : level.points) {
      if (grid_.computed[index(p)] != 0) continue;  // the centre came first; others were known
      compute(p);
      if (Clock::now() - lastView_ >= kBetweenViews) show();
    }
    shown_ = level.stride;
    show();
  }

  void show() {
    lastView_ = Clock::now();
    if (!observer_) return;
    grid_.seconds = secondsSoFar();
    observer_(std::make_shared<const SurfaceGrid>(grid_), shown_);
  }

  Plane& plane_;
  const SurfaceSpec& spec_;
  const SurfaceObserver& observer_;
  const Context& context_;
  SurfaceGrid grid_;
  std::int64_t total_ = grid_.rows() * grid_.columns();  ///< evaluations that are known to be ahead, with those behind
  const Clock::time_point started_ = Clock::now();
  Clock::time_point lastView_ = started_;
  std::int64_t shown_ = 1;  ///< spacing of the last complete level; of the first while that is being filled
};

}  // namespace

SurfaceGrid samplePlane(Plane& plane, const SurfaceSpec& spec, const SurfaceObserver& observer, const Context& context, const KnownPoints& known) {
  return Sampler(plane, spec, observer, context, known).run();
}

SurfaceGrid sampleSurface(const SurfaceSpec& spec, const SurfaceObserver& observer, const trainer::Context& context, const KnownPoints& known) {
  validate(spec);
  return atTheEdge([&] {
    const auto started = Clock::now();
    Plane plane(loadSurfaceRun(spec), spec, context);
    if (known.grid) requireSamePlane(known, spec, plane);
    const PlaneMarks marks = findMarks(plane, spec, context);
    const SurfaceSpec ranged = spec.fitRange ? fitted(spec, marks) : spec;
    SurfaceGrid grid = spec.seeds > 1 ? sampleSeeds(plane, ranged, observer, context) : samplePlane(plane, ranged, observer, context, known);
    if (!grid.stopped) evaluateMarks(plane, marks, grid, context);
    if (!grid.stopped && spec.samStep) grid.samStep = projectSamStep(plane, spec.samRho);
    if (!grid.stopped) sampleFields(plane, spec, grid, context, known);
    grid.seconds = std::chrono::duration<double>(Clock::now() - started).count() + (known.grid ? known.grid->seconds : 0);
    return grid;
  });
}

}  // namespace analysis
