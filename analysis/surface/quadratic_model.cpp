// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/quadratic_model.h"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

namespace analysis {
namespace {

bool says(const AxisReport& axis, std::string_view words) { return axis.description.find(words) != std::string::npos; }

}  // namespace

double QuadraticModel::value(double x, double y) const {
  if ((!lambdaX && x != 0) || (!lambdaY && y != 0)) return kUnknown;
  const double a = x * lengthX, b = y * lengthY;
  return centre + 0.5 * lambdaX.value_or(0) * a * a + 0.5 * lambdaY.value_or(0) * b * b;
}

QuadraticAnswer quadraticModel(const SurfaceGrid& grid) {
  QuadraticModel m{.centre = grid.centre, .lambdaX = {}, .lambdaY = {}};
  const auto eigen = [&](std::size_t i) { return i < grid.axes.size() && std::isfinite(grid.axes[i].eigenvalue); };
  const bool first = eigen(0), moved = grid.axes.size() > 1 && says(grid.axes[1], "made orthogonal") && !first;
  if (first) m.lambdaX = grid.axes[0].eigenvalue, m.lengthX = grid.axes[0].norm, m.residualX = grid.axes[0].residual;
  if (eigen(1) && !moved) m.lambdaY = grid.axes[1].eigenvalue, m.lengthY = grid.axes[1].norm, m.residualY = grid.axes[1].residual;
  if (!m.lambdaX && !m.lambdaY)
    return {{}, eigen(1) ? "y was made orthogonal to x and is no eigenvector any more" : "no axis is an eigenvector of the Hessian: choose eigen:1 for one of them"};
  if (m.lambdaX && m.lambdaY && (says(grid.axes[0], "inside ") || says(grid.axes[1], "inside "))) {
    m.lambdaY.reset();
    return {m, "the axes are eigenvectors of blocks of layers: what couples them is not known, so the model holds along x alone"};
  }
  if (grid.slice || m.overPlane()) return {m, {}};
  return {m, fmt::format("{} is no eigenvector: the model holds along {} through the centre alone", m.lambdaX ? 'y' : 'x', m.lambdaX ? 'x' : 'y')};
}

}  // namespace analysis
