// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analysis/figure/provenance.h"
#include "analysis/surface/surface_grid.h"

/// Surfaces as VTK and ParaView read them: XML, numbers as Float64 in base64 (VTK's readers stop at a "nan" in ASCII), provenance as strings of the field data.
namespace analysis {

/// A StructuredGrid (.vts): points (x, y, 0) and a point array a column (surfaceColumns), NaN where not computed, and computed.
std::string vtsFile(const SurfaceGrid& grid, const Provenance& provenance);

/// PolyData (.vtp): points (x, y, loss) in the grid's order, then those of the trajectories (x, y, plane loss); a quad a cell whose four losses are finite, a line a
/// run. Points that are missing or not finite have no quad and stand at the highest finite loss, so that they change no bounds. Point arrays as above, of the
/// trajectory's points NaN but for the losses at the checkpoints themselves, and zvalue (z, as Li et al. name it) and trajectory_step (-1 on the surface).
std::string vtpFile(const SurfaceGrid& grid, const Provenance& provenance);

}  // namespace analysis
