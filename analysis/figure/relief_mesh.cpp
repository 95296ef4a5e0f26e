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

/// The key light and the fill light of the scene.
double shadeOf(const Vector& normal) {
  static const Vector key = unit({-2.5, -1.2, 4.2}), fill = unit({2.4, -3, 2});
  return 0.42 + 0.66 * (0.82 * std::max(0.0, dot(normal, key)) + 0.28 * std::max(0.0, dot(normal, fill)));
}

std::vector<double> inBox(const std::vector<double>& axis) {
  std::vector<double> out;
  for (const double v : axis) out.push_back(axis.size() < 2 ? 0 : 2 * (v - axis.front()) / (axis.back() - axis.front()) - 1);
  return out;
}

/// Heights in the box; NaN where not drawn.
class Heights {
 public:
  Heights(const std::vector<double>& x, const std::vector<double>& y, const std::vector<double>& fractions, const std::vector<std::uint8_t>& diverged) : x_(inBox(x)), y_(inBox(y)) {
    for (std::size_t i = 0; i < fractions.size(); ++i) height_.push_back(diverged[i] != 0 ? kReliefHeight : std::clamp(fractions[i], 0.0, 1.0) * kReliefHeight);
  }
  double at(std::int64_t row, std::int64_t column) const {
    const bool inside = row >= 0 && column >= 0 && row < rows() && column < columns();
    return inside ? height_[static_cast<std::size_t>(row * columns() + column)] : kUnknown;
  }
  bool drawn(std::int64_t row, std::int64_t column) const { return std::isfinite(at(row, column)); }
  Vector normal(std::int64_t row, std::int64_t column) const {
    const double dx = slope(at(row, column - 1), at(row, column), at(row, column + 1), step(x_, column), step(x_, column + 1));
    const double dy = slope(at(row - 1, column), at(row, column), at(row + 1, column), step(y_, row), step(y_, row + 1));
    return unit({-dx, -dy, 1});
  }
  std::int64_t columns() const { return static_cast<std::int64_t>(x_.size()); }
  std::int64_t rows() const { return static_cast<std::int64_t>(y_.size()); }
  double x(std::int64_t column) const { return x_[static_cast<std::size_t>(column)]; }
  double y(std::int64_t row) const { return y_[static_cast<std::size_t>(row)]; }

 private:
  static double step(const std::vector<double>& axis, std::int64_t i) {
    return i <= 0 || i >= static_cast<std::int64_t>(axis.size()) ? 1.0 : axis[static_cast<std::size_t>(i)] - axis[static_cast<std::size_t>(i - 1)];
  }
  static double slope(double before, double here, double after, double stepBefore, double stepAfter) {
    const bool hasBefore = std::isfinite(before), hasAfter = std::isfinite(after);
    if (hasBefore && hasAfter) return (after - before) / (stepBefore + stepAfter);
    if (hasAfter) return (after - here) / stepAfter;
    return hasBefore ? (here - before) / stepBefore : 0;
  }
  std::vector<double> x_, y_, height_;
};

}  // namespace

ReliefMesh reliefMesh(const std::vector<double>& x, const std::vector<double>& y, const std::vector<double>& fractions, const std::vector<std::uint8_t>& diverged) {
  const Heights h(x, y, fractions, diverged);
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
      add(mesh.points, {h.x(c), h.y(r), drawn ? h.at(r, c) : 0});
      add(mesh.normals, normal);
      add(mesh.colours, {std::min(1.0, shade * colour.r), std::min(1.0, shade * colour.g), std::min(1.0, shade * colour.b)});
      if (r + 1 == h.rows() || c + 1 == h.columns() || !drawn || !h.drawn(r, c + 1) || !h.drawn(r + 1, c) || !h.drawn(r + 1, c + 1)) continue;
      const auto a = static_cast<std::uint32_t>(r * h.columns() + c), d = a + static_cast<std::uint32_t>(h.columns());
      mesh.triangles.insert(mesh.triangles.end(), {a, a + 1, d + 1, a, d + 1, d});
    }
  return mesh;
}

}  // namespace analysis
