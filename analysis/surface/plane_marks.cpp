// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/plane_marks.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/run_checkpoints.h"
#include "analysis/surface/axis_kind.h"
#include "trainer/base/error.h"

namespace analysis {
namespace {

constexpr double kMargin = 0.15;

class Finder {
 public:
  Finder(const Plane& plane, const Context& context)
      : plane_(plane), context_(context), project_(plane.run().train->theta0(), plane.directions().d1, plane.directions().d2) {}

  PlaneMark mark(const RunCheckpoints& run, const trainer::CheckpointInfo& info) const {
    context_.checkpoint();
    return {run.run(), info, project_(run.read(info).theta)};
  }
  RunCheckpoints open(const std::string& run) const { return {run, plane_.run().train->layout(), plane_.run().spec}; }

  void all(const std::string& run, std::vector<PlaneMark>& out) const {
    const RunCheckpoints checkpoints = open(run);
    for (const auto& info : checkpoints.list()) out.push_back(mark(checkpoints, info));
  }

 private:
  const Plane& plane_;
  const Context& context_;
  Projector project_;
};

bool pointsToward(const AxisSpec& axis, const std::string& flag) { return parseAxisKind(axis.kind, flag).word == AxisKind::Word::toward; }

void addTarget(const Finder& finder, const AxisSpec& axis, const std::string& flag, std::vector<PlaneMark>& targets) {
  if (!pointsToward(axis, flag)) return;
  const AxisKind kind = parseAxisKind(axis.kind, flag);
  targets.push_back(finder.mark(finder.open(kind.path), trainer::findCheckpoint(kind.path, kind.step)));
}

/// Each mark's loss at itself and under it.
TrajectoryPoint evaluated(Plane& plane, const PlaneMark& mark, const RunCheckpoints& run) {
  TrajectoryPoint p{.run = mark.run, .step = mark.checkpoint.step, .x = mark.at.x, .y = mark.at.y, .distance = mark.at.distance};
  p.planeLoss = plane.evaluate(p.x, p.y).train.loss;
  const trainer::Checkpoint saved = run.read(mark.checkpoint);
  const at::TensorOptions options = plane.run().train->theta0().options();
  const Plane::Values there = plane.evaluateAt(saved.theta.to(options), saved.buffers.defined() ? saved.buffers.to(options) : at::Tensor());
  p.loss = there.train.loss, p.testLoss = there.test.loss;
  return p;
}

}  // namespace

PlaneMarks findMarks(const Plane& plane, const SurfaceSpec& spec, const Context& context) {
  PlaneMarks marks;
  const bool toward = spec.directions.empty() && (pointsToward(spec.x, "--x") || (spec.y && pointsToward(*spec.y, "--y")));
  if (!toward && !spec.trajectory && spec.trajectoriesOf.empty() && !spec.fitRange) return marks;
  const Finder finder(plane, context);
  if (toward) {
    addTarget(finder, spec.x, "--x", marks.targets);
    if (spec.y) addTarget(finder, *spec.y, "--y", marks.targets);
  }
  if (spec.trajectory) finder.all(spec.measure.run, marks.trajectory);
  for (const std::string& run : spec.trajectoriesOf) finder.all(run, marks.trajectory);
  if (spec.fitRange && marks.trajectory.empty() && marks.targets.empty()) finder.all(spec.measure.run, marks.fitted);
  return marks;
}

void fitAxis(AxisSpec& axis, double from, double to) {
  const auto cells = static_cast<double>(axis.size - 1);
  const double low = std::min(0.0, from), high = std::max(0.0, to), span = high - low;
  if (!(span > 0) || !std::isfinite(span)) return;  // everything lies at the centre: the range stays
  const double k = std::clamp(std::round(cells * -low / span), 1.0, cells - 1);
  const double cell = std::max(-low / k, high / (cells - k));
  axis.from = -cell * k, axis.to = cell * (cells - k);
}

SurfaceSpec fitted(SurfaceSpec spec, const PlaneMarks& marks) {
  double x0 = 0, x1 = 0, y0 = 0, y1 = 0;
  for (const auto* list : {&marks.targets, &marks.trajectory, &marks.fitted})
    for (const PlaneMark& m : *list) {
      x0 = std::min(x0, m.at.x), x1 = std::max(x1, m.at.x);
      y0 = std::min(y0, m.at.y), y1 = std::max(y1, m.at.y);
    }
  const double dx = kMargin * (x1 - x0), dy = kMargin * (y1 - y0);
  fitAxis(spec.x, x0 - dx, x1 + dx);
  if (spec.y) fitAxis(*spec.y, y0 - dy, y1 + dy);
  return spec;
}

void evaluateMarks(Plane& plane, const PlaneMarks& marks, SurfaceGrid& grid, const Context& context) {
  const auto all = static_cast<std::int64_t>(marks.targets.size() + marks.trajectory.size());
  std::int64_t done = 0;
  std::map<std::string, RunCheckpoints> opened;
  try {
    for (const auto& [list, out] : {std::pair(&marks.targets, &grid.marks), std::pair(&marks.trajectory, &grid.trajectory)})
      for (const PlaneMark& mark : *list) {
        context.checkpoint();
        const auto run = opened.try_emplace(mark.run, mark.run, plane.run().train->layout(), plane.run().spec).first;
        out->push_back(evaluated(plane, mark, run->second));
        context.report({.stage = "trajectory", .unit = "checkpoints", .done = ++done, .total = all});
      }
  } catch (const trainer::Cancelled&) {
    grid.stopped = true;
  }
}

}  // namespace analysis
