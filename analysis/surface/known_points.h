// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "analysis/surface/surface_grid.h"

namespace analysis {

class Plane;

/// An earlier result on the same plane, stopped or whole: what it has is not computed again.
struct KnownPoints {
  SurfaceSpec spec;
  std::shared_ptr<const SurfaceGrid> grid;  ///< nullptr: nothing is known
};

/// Whether `known` is of what `spec` asks for: everything but size, range, tolerance, fields, trajectories and the SAM step must be the same, the axes' lengths to the bit.
/// Free. @throws std::invalid_argument naming what differs.
void requireSamePlane(const KnownPoints& known, const SurfaceSpec& spec, const Plane& plane);

/// Takes over every computed point (none that is interpolated) with a coordinate pair of `grid`, to the bit. Twice the density over the same range holds them all.
void takeOver(const SurfaceGrid& known, SurfaceGrid& grid);

/// The known field of this name where it is whole and of the same points; nullptr else.
const SurfaceField* knownField(const KnownPoints& known, const SurfaceSpec& spec, const SurfaceGrid& grid, const std::string& name);

}  // namespace analysis
