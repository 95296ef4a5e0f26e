// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "analysis/surface/surface_grid.h"
#include "trainer/base/context.h"

namespace analysis {

/// What the chosen axes are and what the surface will take, before it is computed.
struct AxesPreview {
  std::vector<AxisReport> axes;   ///< of x and y; an eigenvector's norm is 1, its eigenvalue unknown, its products an estimate
  double cosine = kUnknown;       ///< NaN with an eigenvector: not known before it is computed
  std::int64_t points = 0;
  double secondsPerPoint = 0;     ///< measured once at the centre
  double secondsOfAxes = 0;       ///< measured where an axis was made, else an estimate: 6 forward passes a product
  double seconds = 0;             ///< estimate of all: axes and grid; marks, trajectories and fields are not in it
};

/// Makes what takes no Hessian product and estimates the rest. Cost: a gradient, the reads of a PCA, and one point. Std types only: for a window.
/// @throws as sampleSurface() does before its first point
AxesPreview previewAxes(const SurfaceSpec& spec, const trainer::Context& context);

}  // namespace analysis
