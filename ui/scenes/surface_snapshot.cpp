// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/surface_snapshot.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ui {

std::string fieldOfLayer(SurfaceLayer layer) {
  switch (layer) {
    case SurfaceLayer::gradientNorm: return "gradient-norm";
    case SurfaceLayer::lambdaMax: return "lambda-max";
    case SurfaceLayer::samMax: return "sam-max";
    case SurfaceLayer::generalisation: return "generalisation";
    default: return {};
  }
}

const std::vector<double>& SurfaceSnapshot::shown() const {
  static const std::vector<double> none;
  if (layer == SurfaceLayer::loss) return values().loss;
  if (layer == SurfaceLayer::accuracy) return values().accuracy;
  const auto found = std::ranges::find(grid->fields, fieldOfLayer(layer), &analysis::SurfaceField::name);
  return found == grid->fields.end() ? none : found->values;
}

PointState pointState(const SurfaceSnapshot& surface, std::int64_t row, std::int64_t column) {
  const auto index = static_cast<std::size_t>(row * surface.grid->columns() + column);
  const auto& computed = surface.grid->computed;
  const auto& loss = surface.shown();
  if (index >= loss.size() || (index < computed.size() && !surface.grid->hasValue(index))) return PointState::missing;
  if (std::isfinite(loss[index])) return PointState::computed;
  return computed.empty() && std::isnan(loss[index]) ? PointState::missing : PointState::diverged;
}

std::int64_t completeStride(const analysis::SurfaceGrid& grid) {
  const auto complete = [&](std::int64_t stride) {
    for (std::int64_t r = 0; r < grid.rows(); r += stride) {
      for (std::int64_t c = 0; c < grid.columns(); c += stride) {
        if (!grid.hasValue(static_cast<std::size_t>(r * grid.columns() + c))) return false;
      }
    }
    return true;
  };
  if (grid.computed.size() < static_cast<std::size_t>(grid.rows() * grid.columns())) return 1;
  for (std::int64_t stride = 1; stride <= (grid.columns() - 1) / 2; stride *= 2) {
    if ((grid.columns() - 1) % stride != 0 || (grid.rows() - 1) % stride != 0) break;
    if (complete(stride)) return stride;
  }
  return 1;
}

std::int64_t minimumIndex(const SurfaceSnapshot& surface) {
  std::int64_t best = -1;
  double least = std::numeric_limits<double>::infinity();
  for (std::int64_t r = 0; r < surface.grid->rows(); r += surface.stride) {
    for (std::int64_t c = 0; c < surface.grid->columns(); c += surface.stride) {
      const std::int64_t index = r * surface.grid->columns() + c;
      const auto& loss = surface.values().loss;
      const auto at = static_cast<std::size_t>(index);
      if (at >= loss.size() || (at < surface.grid->computed.size() && !surface.grid->hasValue(at))) continue;
      const double value = loss[at];
      if (value < least) {
        least = value;
        best = index;
      }
    }
  }
  return best;
}

}  // namespace ui
