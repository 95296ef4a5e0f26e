// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "analysis/surface/surface_grid.h"

namespace analysis {

constexpr double kReliefHeight = 1.08;

/// 0.42 + 0.66 (0.82 max(0, n.l1) + 0.28 max(0, n.l2)) of a unit normal: the key light and the fill light of the scene.
double shadeOf(const std::array<double, 3>& normal);

/// A value of an ascending axis in the box, [-1, 1]; 0 on an axis of one point.
double boxCoordinate(const std::vector<double>& axis, double value);

/// Heights over a grid in the box, rows of y; NaN: not drawn.
struct ReliefHeights {
  std::vector<double> x, y, height;

  std::int64_t columns() const { return static_cast<std::int64_t>(x.size()); }
  std::int64_t rows() const { return static_cast<std::int64_t>(y.size()); }
  double at(std::int64_t row, std::int64_t column) const;  ///< NaN outside
  bool drawn(std::int64_t row, std::int64_t column) const;
  /// Unit, from central differences of the neighbours that are drawn.
  std::array<double, 3> normal(std::int64_t row, std::int64_t column) const;
  /// Two a cell whose corners are all drawn, by row: indices of three grid points each, counter-clockwise seen from above.
  std::vector<std::uint32_t> triangles() const;
};

/// A surface as triangles in the box of the window's scene: x and y in [-1, 1], heights in [0, kReliefHeight], z up. Colours hold the light.
struct ReliefMesh {
  std::vector<float> points, normals;      ///< 3 a grid point, rows of y; normals are unit
  std::vector<float> colours;              ///< 3 a grid point: sRGB, 0..1
  std::vector<std::uint32_t> triangles;    ///< 3 corners each, counter-clockwise seen from above
};

/// Heights are given as fractions of the box, by grid point (NaN: not drawn; clamped to 0..1). `diverged` points stand grey at the top.
///
/// colour = viridis(fraction) shadeOf(normal).
ReliefMesh reliefMesh(const std::vector<double>& x, const std::vector<double>& y, const std::vector<double>& fractions, const std::vector<std::uint8_t>& diverged);

}  // namespace analysis
