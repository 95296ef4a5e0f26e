// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/figure/relief_mesh.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/figure/figure.h"

namespace analysis {
namespace {

using Vector = std::array<double, 3>;

double dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

Vector unit(const Vector& a) {
  const double length = std::sqrt(dot(a, a));
  return {a[0] / length, a[1] / length, a[2] / length};
}

double step(const std::vector<double>& axis, std::int64_t i) {
  return i <= 0 || i >= static_cast<std::int64_t>(axis.size()) ? 1.0 : axis[static_cast<std::size_t>(i)] - axis[static_cast<std::size_t>(i - 1)];
}

/// From the neighbours that are drawn; 0 where there is none.
double slope(double before, double here, double after, double stepBefore, double stepAfter) {
  const bool hasBefore = std::isfinite(before), hasAfter = std::isfinite(after);
  if (hasBefore && hasAfter) return (after - before) / (stepBefore + stepAfter);
  if (hasAfter) return (after - here) / stepAfter;
  return hasBefore ? (here - before) / stepBefore : 0;
}

}  // namespace

double shadeOf(const Vector& normal) {
  static const Vector key = unit({-2.5, -1.2, 4.2}), fill = unit({2.4, -3, 2});
  return 0.42 + 0.66 * (0.82 * std::max(0.0, dot(normal, key)) + 0.28 * std::max(0.0, dot(normal, fill)));
}

double boxCoordinate(const std::vector<double>& axis, double value) {
  return axis.size() < 2 ? 0 : 2 * (value - axis.front()) / (axis.back() - axis.front()) - 1;
}

double ReliefHeights::at(std::int64_t row, std::int64_t column) const {
  const bool inside = row >= 0 && column >= 0 && row < rows() && column < columns();
  return inside ? height[static_cast<std::size_t>(row * columns() + column)] : kUnknown;
}

bool ReliefHeights::drawn(std::int64_t row, std::int64_t column) const { return std::isfinite(at(row, column)); }

Vector ReliefHeights::normal(std::int64_t row, std::int64_t column) const {
  const double dx = slope(at(row, column - 1), at(row, column), at(row, column + 1), step(x, column), step(x, column + 1));
  const double dy = slope(at(row - 1, column), at(row, column), at(row + 1, column), step(y, row), step(y, row + 1));
  return unit({-dx, -dy, 1});
}

std::vector<std::uint32_t> ReliefHeights::triangles() const {
  std::vector<std::uint32_t> out;
  for (std::int64_t r = 0; r + 1 < rows(); ++r)
    for (std::int64_t c = 0; c + 1 < columns(); ++c) {
      if (!drawn(r, c) || !drawn(r, c + 1) || !drawn(r + 1, c) || !drawn(r + 1, c + 1)) continue;
      const auto a = static_cast<std::uint32_t>(r * columns() + c), d = a + static_cast<std::uint32_t>(columns());
      out.insert(out.end(), {a, a + 1, d + 1, a, d + 1, d});
    }
  return out;
}

ReliefMesh reliefMesh(const std::vector<double>& x, const std::vector<double>& y, const std::vector<double>& fractions, const std::vector<std::uint8_t>& diverged) {
  ReliefHeights h;
  for (const double v : x) h.x.push_back(boxCoordinate(x, v));
  for (const double v : y) h.y.push_back(boxCoordinate(y, v));
  for (std::size_t i = 0; i < fractions.size(); ++i) h.height.push_back(diverged[i] != 0 ? kReliefHeight : std::clamp(fractions[i], 0.0, 1.0) * kReliefHeight);
  ReliefMesh mesh;
  const auto add = [](std::vector<float>& to, const Vector& v) {
    for (const double c : v) to.push_back(static_cast<float>(c));
  };
  for (std::int64_t r = 0; r < h.rows(); ++r)
    for (std::int64_t c = 0; c < h.columns(); ++c) {
      const bool drawn = h.drawn(r, c);
      const Vector normal = drawn ? h.normal(r, c) : Vector{0, 0, 1};
      const bool grey = diverged[static_cast<std::size_t>(r * h.columns() + c)] != 0;
      const Colour colour = grey ? Colour{0.55, 0.55, 0.55} : viridis(drawn ? h.at(r, c) / kReliefHeight : 0);
      const double shade = shadeOf(normal);
      add(mesh.points, {h.x[static_cast<std::size_t>(c)], h.y[static_cast<std::size_t>(r)], drawn ? h.at(r, c) : 0});
      add(mesh.normals, normal);
      add(mesh.colours, {std::min(1.0, shade * colour.r), std::min(1.0, shade * colour.g), std::min(1.0, shade * colour.b)});
    }
  mesh.triangles = h.triangles();
  return mesh;
}

}  // namespace analysis
