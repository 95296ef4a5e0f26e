// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>

#include "analysis/surface/surface_grid.h"

namespace ui {

/// One split of a surface as far as it has come: points whose row and column are multiples of `stride` are drawn.
struct SurfaceSnapshot {
  std::shared_ptr<const analysis::SurfaceGrid> grid;
  std::int64_t stride = 1;
  bool test = false;  ///< the test split instead of the training split

  const analysis::SurfaceValues& values() const { return test ? grid->test : grid->train; }
  explicit operator bool() const { return grid != nullptr; }
};

enum class PointState { missing, computed, diverged };

/// Missing: not evaluated yet. Diverged: evaluated, and the loss is not finite.
PointState pointState(const SurfaceSnapshot& surface, std::int64_t row, std::int64_t column);

/// The smallest stride (1, 2, 4, ...) at which every point has been evaluated; 1, with holes, where there is none.
std::int64_t completeStride(const analysis::SurfaceGrid& grid);

/// Row * columns + column of the smallest finite loss at the snapshot's stride; -1 where there is none.
std::int64_t minimumIndex(const SurfaceSnapshot& surface);

}  // namespace ui
