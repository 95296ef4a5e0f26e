// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/surface_mesh.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/figure/figure.h"

namespace ui {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
using Vector = std::array<double, 3>;

/// What the mesh stands on: diverged points at the top.
analysis::ReliefHeights drawnHeights(const HeightField& field) {
  analysis::ReliefHeights heights{.x = field.x, .y = field.y, .height = field.height};
  for (std::size_t i = 0; i < heights.height.size(); ++i)
    if (field.diverged[i] != 0) heights.height[i] = kBoxHeight;
  return heights;
}

std::uint8_t byteOf(double value) { return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 1.0) * 255)); }

}  // namespace

double fromScene(const std::vector<double>& axis, double scene) {
  if (axis.size() < 2) return axis.empty() ? 0 : axis.front();
  return axis.front() + (scene + 1) / 2 * (axis.back() - axis.front());
}

HeightField heightField(const SurfaceSnapshot& surface, const HeightScale& scale) {
  HeightField field;
  field.map = scale.map;
  const analysis::SurfaceGrid& grid = *surface.grid;
  for (std::int64_t c = 0; c < grid.columns(); c += surface.stride) field.x.push_back(toScene(grid.x, grid.x[static_cast<std::size_t>(c)]));
  for (std::int64_t r = 0; r < grid.rows(); r += surface.stride) field.y.push_back(toScene(grid.y, grid.y[static_cast<std::size_t>(r)]));
  for (std::int64_t r = 0; r < grid.rows(); r += surface.stride) {
    for (std::int64_t c = 0; c < grid.columns(); c += surface.stride) {
      const PointState state = pointState(surface, r, c);
      double height = kNaN;
      if (state == PointState::missing) ++field.missing;
      if (state == PointState::diverged) ++field.divergedCount;
      if (state == PointState::computed) {
        const double fraction = scale.fraction(surface.shown()[static_cast<std::size_t>(r * grid.columns() + c)]);
        if (std::isnan(fraction)) ++field.refused;
        if (fraction > 1 + 1e-9) ++field.clampedAbove;
        if (fraction < -1e-9) ++field.clampedBelow;
        height = std::isnan(fraction) ? kNaN : std::clamp(fraction, 0.0, 1.0) * kBoxHeight;
      }
      field.height.push_back(height);
      field.diverged.push_back(state == PointState::diverged);
    }
  }
  return field;
}

double HeightField::interpolate(double sceneX, double sceneY) const {
  if (columns() < 2 || rows() < 2 || sceneX < x.front() || sceneX > x.back() || sceneY < y.front() || sceneY > y.back()) return kNaN;
  const auto cellOf = [](const std::vector<double>& axis, double value) {
    const auto after = std::upper_bound(axis.begin() + 1, axis.end() - 1, value);
    return static_cast<std::int64_t>(after - axis.begin()) - 1;
  };
  const std::int64_t c = cellOf(x, sceneX), r = cellOf(y, sceneY);
  const auto weight = [](const std::vector<double>& axis, std::int64_t i, double value) {
    const auto k = static_cast<std::size_t>(i);
    return (value - axis[k]) / (axis[k + 1] - axis[k]);
  };
  const double u = weight(x, c, sceneX), v = weight(y, r, sceneY);
  return (1 - v) * ((1 - u) * at(r, c) + u * at(r, c + 1)) + v * ((1 - u) * at(r + 1, c) + u * at(r + 1, c + 1));
}

SurfaceMesh surfaceMesh(const HeightField& field) {
  const analysis::ReliefHeights heights = drawnHeights(field);
  SurfaceMesh mesh;
  for (std::int64_t r = 0; r < field.rows(); ++r) {
    for (std::int64_t c = 0; c < field.columns(); ++c) {
      const double height = heights.at(r, c);
      const bool drawn = std::isfinite(height);
      const Vector normal = drawn ? heights.normal(r, c) : Vector{0, 0, 1};
      const bool diverged = field.diverged[static_cast<std::size_t>(r * field.columns() + c)] != 0;
      const analysis::Colour colour = diverged ? analysis::Colour{0.55, 0.55, 0.55} : colourOf(field.map, drawn ? height / kBoxHeight : 0);
      const double shade = analysis::shadeOf(normal);
      for (const double v : {field.x[static_cast<std::size_t>(c)], field.y[static_cast<std::size_t>(r)], drawn ? height : 0.0}) {
        mesh.points.push_back(static_cast<float>(v));
      }
      for (const double v : normal) mesh.normals.push_back(static_cast<float>(v));
      for (const double v : {shade * colour.r, shade * colour.g, shade * colour.b, 1.0}) mesh.colours.push_back(byteOf(v));
    }
  }
  const std::vector<std::uint32_t> triangles = heights.triangles();
  mesh.triangles.assign(triangles.begin(), triangles.end());
  return mesh;
}

namespace {

/// The crossings of one level in one cell: corners a (low x, low y), b, c, d counter-clockwise, edges ab, bc, cd, da.
struct Cell {
  std::array<Vector, 4> corner;

  void cross(double level, std::vector<Vector>& out) const {
    std::array<Vector, 4> found;
    std::size_t count = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const Vector &p = corner[i], &q = corner[(i + 1) % 4];
      if ((p[2] < level) == (q[2] < level)) continue;
      const double t = (level - p[2]) / (q[2] - p[2]);
      found[count++] = {p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1]), level};
    }
    if (count == 2) out.insert(out.end(), {found[0], found[1]});
    if (count != 4) return;
    const double mean = (corner[0][2] + corner[1][2] + corner[2][2] + corner[3][2]) / 4;
    const bool firstJoinsCentre = (corner[0][2] < level) == (mean < level);
    // Joined through the centre, corner a is not cut off: the lines cut off b (edges ab, bc) and d (cd, da).
    if (firstJoinsCentre) {
      out.insert(out.end(), {found[0], found[1], found[2], found[3]});
    } else {
      out.insert(out.end(), {found[3], found[0], found[1], found[2]});
    }
  }
};

}  // namespace

std::vector<std::array<double, 3>> contourSegments(const HeightField& field, const std::vector<double>& heights) {
  std::vector<Vector> segments;
  for (std::int64_t r = 0; r + 1 < field.rows(); ++r) {
    for (std::int64_t c = 0; c + 1 < field.columns(); ++c) {
      const double x0 = field.x[static_cast<std::size_t>(c)], x1 = field.x[static_cast<std::size_t>(c + 1)];
      const double y0 = field.y[static_cast<std::size_t>(r)], y1 = field.y[static_cast<std::size_t>(r + 1)];
      const Cell cell{{Vector{x0, y0, field.at(r, c)}, Vector{x1, y0, field.at(r, c + 1)}, Vector{x1, y1, field.at(r + 1, c + 1)},
                       Vector{x0, y1, field.at(r + 1, c)}}};
      if (!std::ranges::all_of(cell.corner, [](const Vector& p) { return std::isfinite(p[2]); })) continue;
      for (const double level : heights) cell.cross(level, segments);
    }
  }
  return segments;
}

}  // namespace ui
