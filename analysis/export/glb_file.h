// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analysis/figure/provenance.h"
#include "analysis/surface/surface_grid.h"

namespace analysis {

/// A surface as binary glTF 2.0 (.glb): one mesh of triangles in the window's box (ReliefMesh), turned so that y is up as glTF has it; POSITION, NORMAL, COLOR_0 and
/// indices. The light is in the colours, so the material is unlit (KHR_materials_unlit). COLOR_0: linear RGBA in unsigned shorts, as glTF asks. Heights on the scale
/// of the contour map (surfaceScale), named in asset.extras beside the provenance.
/// @throws std::invalid_argument when no cell of the surface can be drawn
std::string glbFile(const SurfaceGrid& grid, const Provenance& provenance);

}  // namespace analysis
