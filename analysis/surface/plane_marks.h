// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analysis/surface/plane.h"
#include "analysis/surface/project.h"
#include "trainer/run/run_store.h"

namespace analysis {

/// A checkpoint and where it lies over the plane.
struct PlaneMark {
  std::string run;
  trainer::CheckpointInfo checkpoint;
  Projection at;
};

struct PlaneMarks {
  std::vector<PlaneMark> targets;     ///< of the axes that point toward a run
  std::vector<PlaneMark> trajectory;  ///< of the runs asked for, by run, then step
  std::vector<PlaneMark> fitted;      ///< where the ranges are to be fitted: what they shall hold beside those
};

/// Projects what a surface marks. Cost: a read and two passes over theta for each checkpoint; none where nothing is to be marked.
/// @throws std::invalid_argument another network; IoError, DataError, Cancelled
PlaneMarks findMarks(const Plane& plane, const SurfaceSpec& spec, const Context& context);

/// `spec` with ranges that hold every mark with a margin of 15 % of their span, and 0 on the grid.
SurfaceSpec fitted(SurfaceSpec spec, const PlaneMarks& marks);

/// Smallest range that holds `from`..`to` and 0 with 0 on the grid of `size` points, 0 not at its ends.
void fitAxis(AxisSpec& axis, double from, double to);

/// The loss of each mark at itself and in the plane under it, into grid.marks and grid.trajectory. A stop ends it early (grid.stopped).
/// Cost: four forward passes over the samples for each.
void evaluateMarks(Plane& plane, const PlaneMarks& marks, SurfaceGrid& grid, const Context& context);

}  // namespace analysis
