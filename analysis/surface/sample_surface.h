// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

#include "analysis/surface/known_points.h"
#include "analysis/surface/surface_grid.h"
#include "trainer/base/context.h"

namespace analysis {

/// Called on the sampling thread with a snapshot: after each nested level (stride is the level's spacing in grid cells: every point whose
/// column and row are multiples of it is computed, or interpolated where there is a tolerance), and at most five times a second within one.
using SurfaceObserver = std::function<void(std::shared_ptr<const SurfaceGrid>, std::int64_t stride)>;

/// The loss and accuracy of train and test samples on a plane (or line) through a checkpoint.
///
/// Sizes 2^k + 1 are refined in nested levels (5, 9, 17, 33, 65, ...), every point reused; other sizes in one pass. theta is recomputed
/// from theta0 at every point. A stop returns what is there (`stopped`). Cost: one forward pass over both sets a point.
/// With a tolerance few points are evaluated and the rest interpolated (refine_surface.h); a stop then returns the evaluated ones alone.
/// `known`: an earlier result on the same plane, for example a stopped one; its points are taken over and the end is what it would have been without the stop, bit for
/// bit but for `seconds`. The centre is evaluated again, and must say the same.
/// @throws std::invalid_argument  an even or small size, a range without 0 on the grid (the nearest that works is named), ...
SurfaceGrid sampleSurface(const SurfaceSpec& spec, const SurfaceObserver& observer, const trainer::Context& context, const KnownPoints& known = {});

/// Checks everything that can be checked without the run. @throws std::invalid_argument
void validate(const SurfaceSpec& spec);

}  // namespace analysis
