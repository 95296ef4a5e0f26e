// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/surface/surface_grid.h"

namespace analysis {

/// A surface as triangles in the box of the window's scene: x and y in [-1, 1], heights in [0, kReliefHeight], z up. Colours hold the light.
struct ReliefMesh {
  std::vector<float> points, normals;      ///< 3 a grid point, rows of y; normals are unit
  std::vector<float> colours;              ///< 3 a grid point: sRGB, 0..1
  std::vector<std::uint32_t> triangles;    ///< 3 corners each, counter-clockwise seen from above
};
constexpr double kReliefHeight = 1.08;

/// Heights are given as fractions of the box, by grid point (NaN: not drawn; clamped to 0..1). `diverged` points stand grey at the top.
///
/// colour = viridis(fraction) (0.42 + 0.66 (0.82 max(0, n.l1) + 0.28 max(0, n.l2))), normals from central differences of the neighbours that are drawn. A cell with
/// a corner that is not drawn has no triangles.
ReliefMesh reliefMesh(const std::vector<double>& x, const std::vector<double>& y, const std::vector<double>& fractions, const std::vector<std::uint8_t>& diverged);

}  // namespace analysis
