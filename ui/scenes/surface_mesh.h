// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "analysis/figure/relief_mesh.h"
#include "ui/scenes/height_scale.h"
#include "ui/scenes/surface_snapshot.h"

namespace ui {

/// The box of the scene: x and y of the data's range lie in [-1, 1], heights in [0, kBoxHeight].
constexpr double kBoxHeight = analysis::kReliefHeight;

/// Heights of a surface at the points that are drawn, in the scene's box. Rows are y, columns are x.
struct HeightField {
  std::vector<double> x, y;            ///< scene coordinates, ascending, in [-1, 1]
  std::vector<double> height;          ///< 0 .. kBoxHeight, clamped; NaN: not drawn (missing, refused by the scale, diverged)
  std::vector<std::uint8_t> diverged;  ///< 1 where the loss is not finite: drawn grey at the top
  ColourMap map = ColourMap::viridis;
  std::int64_t missing = 0, divergedCount = 0, refused = 0, clampedAbove = 0, clampedBelow = 0;
  std::int64_t columns() const { return static_cast<std::int64_t>(x.size()); }
  std::int64_t rows() const { return static_cast<std::int64_t>(y.size()); }
  double at(std::int64_t row, std::int64_t column) const { return height[static_cast<std::size_t>(row * columns() + column)]; }
  /// Bilinear; NaN outside or where a corner of the cell is NaN.
  double interpolate(double sceneX, double sceneY) const;
};
HeightField heightField(const SurfaceSnapshot& surface, const HeightScale& scale);

/// Triangles of a height field with the light baked into the vertex colours. A cell with a missing or refused corner is left out.
///
/// colour = map(height) analysis::shadeOf(normal), normals from central differences of neighbours.
struct SurfaceMesh {
  std::vector<float> points;          ///< 3 a vertex
  std::vector<float> normals;         ///< 3 a vertex, unit
  std::vector<std::uint8_t> colours;  ///< 4 a vertex
  std::vector<std::int64_t> triangles;  ///< 3 vertices each
};
SurfaceMesh surfaceMesh(const HeightField& field);

/// The same in bands of one colour between the heights (ascending): every triangle is cut along them, the light stays smooth.
SurfaceMesh bandedMesh(const HeightField& field, const std::vector<double>& heights);

/// Every `step`-th row and column, the last ones always: what is drawn while the camera moves.
HeightField coarseField(const HeightField& field, std::int64_t step);

/// Line segments (x, y, z; two points each) where the field crosses each height: marching squares, saddles decided by the cell's mean.
/// Cells with a corner that is not drawn have none.
std::vector<std::array<double, 3>> contourSegments(const HeightField& field, const std::vector<double>& heights);

/// Scene coordinate of a data coordinate on an axis and back.
inline double toScene(const std::vector<double>& axis, double value) { return analysis::boxCoordinate(axis, value); }
double fromScene(const std::vector<double>& axis, double scene);

}  // namespace ui
