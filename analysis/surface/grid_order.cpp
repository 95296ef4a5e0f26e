// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/grid_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace analysis {
namespace {

/// Whether a side can be refined: 2^k + 1, or 1.
bool nests(std::int64_t side) { return side == 1 || std::has_single_bit(static_cast<std::uint64_t>(side - 1)); }

std::int64_t sideAt(std::int64_t side, std::int64_t stride) { return (side - 1) / stride + 1; }

}  // namespace

double zeroPosition(const AxisSpec& axis) { return static_cast<double>(axis.size - 1) * (-axis.from / (axis.to - axis.from)); }

std::vector<double> coordinates(const AxisSpec& axis) {
  const std::int64_t cells = axis.size - 1;
  std::vector<double> out(static_cast<std::size_t>(axis.size));
  for (std::int64_t i = 0; i <= cells; ++i)
    out[static_cast<std::size_t>(i)] = axis.from + (axis.to - axis.from) * static_cast<double>(i) / static_cast<double>(cells);
  out[static_cast<std::size_t>(std::llround(zeroPosition(axis)))] = 0;
  out.back() = axis.to;
  return out;
}

std::size_t centreIndex(const SurfaceGrid& grid) {
  const auto column = std::find(grid.x.begin(), grid.x.end(), 0.0) - grid.x.begin();
  const auto row = std::find(grid.y.begin(), grid.y.end(), 0.0) - grid.y.begin();
  return static_cast<std::size_t>(row * grid.columns() + column);
}

GridOrder gridOrder(std::int64_t columns, std::int64_t rows) {
  const std::int64_t shorter = rows == 1 ? columns : std::min(columns, rows);
  std::int64_t stride = 1;
  if (nests(columns) && nests(rows))
    while ((shorter - 1) / (2 * stride) >= 4) stride *= 2;
  GridOrder order;
  for (std::int64_t coarser = 0; stride >= 1; coarser = stride, stride /= 2) {
    GridLevel level{stride, rows == 1 ? fmt::format("{} points", sideAt(columns, stride)) : fmt::format("{} x {}", sideAt(columns, stride), sideAt(rows, stride)), {}};
    for (std::int64_t row = 0; row < rows; row += stride)
      for (std::int64_t column = 0; column < columns; column += stride)
        if (coarser == 0 || column % coarser != 0 || row % coarser != 0) level.points.push_back({column, row});
    order.push_back(std::move(level));
  }
  return order;
}

}  // namespace analysis
