// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "ui/scenes/surface_mesh.h"

namespace ui {
namespace {

using Vector = std::array<double, 3>;

struct Corner {
  Vector point, normal;
};
using Polygon = std::vector<Corner>;

Corner at(const Corner& a, const Corner& b, double level) {
  const double t = (level - a.point[2]) / (b.point[2] - a.point[2]);
  Corner out;
  for (std::size_t i = 0; i < 3; ++i) {
    out.point[i] = a.point[i] + t * (b.point[i] - a.point[i]);
    out.normal[i] = a.normal[i] + t * (b.normal[i] - a.normal[i]);
  }
  out.point[2] = level;
  return out;
}

/// The part of a convex polygon above a height, or below it.
Polygon part(const Polygon& polygon, double level, bool above) {
  Polygon out;
  const auto inside = [&](const Corner& c) { return above ? c.point[2] >= level : c.point[2] <= level; };
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Corner &a = polygon[i], &b = polygon[(i + 1) % polygon.size()];
    if (inside(a)) out.push_back(a);
    if (inside(a) != inside(b)) out.push_back(at(a, b, level));
  }
  return out;
}

void addPolygon(const Polygon& polygon, const analysis::Colour& colour, SurfaceMesh& mesh) {
  if (polygon.size() < 3) return;
  const auto first = static_cast<std::int64_t>(mesh.points.size() / 3);
  for (const Corner& corner : polygon) {
    const double length = std::sqrt(corner.normal[0] * corner.normal[0] + corner.normal[1] * corner.normal[1] + corner.normal[2] * corner.normal[2]);
    const Vector normal{corner.normal[0] / length, corner.normal[1] / length, corner.normal[2] / length};
    const double shade = analysis::shadeOf(normal);
    for (const double v : corner.point) mesh.points.push_back(static_cast<float>(v));
    for (const double v : normal) mesh.normals.push_back(static_cast<float>(v));
    for (const double v : {shade * colour.r, shade * colour.g, shade * colour.b, 1.0})
      mesh.colours.push_back(static_cast<std::uint8_t>(std::lround(std::clamp(v, 0.0, 1.0) * 255)));
  }
  for (std::int64_t i = 2; i < static_cast<std::int64_t>(polygon.size()); ++i) mesh.triangles.insert(mesh.triangles.end(), {first, first + i - 1, first + i});
}

/// One triangle, cut into its bands: band k lies below heights[k] and above heights[k - 1].
void addBands(const Polygon& triangle, const std::vector<double>& heights, ColourMap map, SurfaceMesh& mesh) {
  const auto [low, high] = std::ranges::minmax({triangle[0].point[2], triangle[1].point[2], triangle[2].point[2]});
  const auto bandOf = [&](double z) { return static_cast<std::size_t>(std::upper_bound(heights.begin(), heights.end(), z) - heights.begin()); };
  const std::size_t last = bandOf(high);
  Polygon rest = triangle;
  for (std::size_t band = bandOf(low); band <= last; ++band) {
    const double from = band == 0 ? 0 : heights[band - 1], to = band < heights.size() ? heights[band] : kBoxHeight;
    addPolygon(band == last ? rest : part(rest, to, false), colourOf(map, (from + to) / 2 / kBoxHeight), mesh);
    if (band != last) rest = part(rest, to, true);
  }
}

}  // namespace

SurfaceMesh bandedMesh(const HeightField& field, const std::vector<double>& heights) {
  const SurfaceMesh smooth = surfaceMesh(field);
  SurfaceMesh mesh;
  const auto corner = [&](std::int64_t vertex) {
    const auto i = static_cast<std::size_t>(3 * vertex);
    return Corner{{smooth.points[i], smooth.points[i + 1], smooth.points[i + 2]}, {smooth.normals[i], smooth.normals[i + 1], smooth.normals[i + 2]}};
  };
  for (std::size_t i = 0; i + 2 < smooth.triangles.size(); i += 3) {
    const Polygon triangle{corner(smooth.triangles[i]), corner(smooth.triangles[i + 1]), corner(smooth.triangles[i + 2])};
    const bool diverged = std::any_of(smooth.triangles.begin() + static_cast<std::ptrdiff_t>(i), smooth.triangles.begin() + static_cast<std::ptrdiff_t>(i) + 3,
                                      [&](std::int64_t vertex) { return field.diverged[static_cast<std::size_t>(vertex)] != 0; });
    if (diverged) {
      addPolygon(triangle, {.r = 0.55, .g = 0.55, .b = 0.55}, mesh);
    } else {
      addBands(triangle, heights, field.map, mesh);
    }
  }
  return mesh;
}

HeightField coarseField(const HeightField& field, std::int64_t step) {
  const auto kept = [step](std::int64_t count) {
    std::vector<std::int64_t> out;
    for (std::int64_t i = 0; i < count; i += step) out.push_back(i);
    if (!out.empty() && out.back() != count - 1) out.push_back(count - 1);
    return out;
  };
  const std::vector<std::int64_t> columns = kept(field.columns()), rows = kept(field.rows());
  HeightField coarse;
  coarse.map = field.map;
  for (const std::int64_t c : columns) coarse.x.push_back(field.x[static_cast<std::size_t>(c)]);
  for (const std::int64_t r : rows) {
    coarse.y.push_back(field.y[static_cast<std::size_t>(r)]);
    for (const std::int64_t c : columns) {
      coarse.height.push_back(field.at(r, c));
      coarse.diverged.push_back(field.diverged[static_cast<std::size_t>(r * field.columns() + c)]);
    }
  }
  return coarse;
}

}  // namespace ui
