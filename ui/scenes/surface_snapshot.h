// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "analysis/surface/surface_grid.h"

namespace ui {

/// What a surface is drawn of.
enum class SurfaceLayer { loss, accuracy, gradientNorm, lambdaMax, samMax, generalisation };
inline constexpr int kSurfaceLayers = 6;

/// "gradient-norm": the name of a layer among SurfaceGrid::fields and in SurfaceSpec::fields; empty for loss and accuracy, which every surface has.
std::string fieldOfLayer(SurfaceLayer layer);

/// One split of a surface as far as it has come: points whose row and column are multiples of `stride` are drawn.
struct SurfaceSnapshot {
  std::shared_ptr<const analysis::SurfaceGrid> grid;
  std::int64_t stride = 1;
  bool test = false;  ///< the test split instead of the training split
  SurfaceLayer layer = SurfaceLayer::loss;
  bool provisional = false;  ///< still being sampled, with interpolated points that nothing has checked yet

  const analysis::SurfaceValues& values() const { return test ? grid->test : grid->train; }
  /// What is drawn, in the order of the grid; empty where the layer was not computed.
  const std::vector<double>& shown() const;
  bool refining() const { return stride > 1 || provisional; }
  explicit operator bool() const { return grid != nullptr; }
};

enum class PointState { missing, computed, diverged };

/// Missing: neither computed nor interpolated. Computed: there is a value (SurfaceGrid::interpolated says which is interpolated). Diverged: there is, and what is drawn is not finite.
PointState pointState(const SurfaceSnapshot& surface, std::int64_t row, std::int64_t column);

/// The smallest stride (1, 2, 4, ...) at which every point has a value; 1, with holes, where there is none.
std::int64_t completeStride(const analysis::SurfaceGrid& grid);

/// Row * columns + column of the smallest finite loss at the snapshot's stride, whatever the layer; -1 where there is none.
std::int64_t minimumIndex(const SurfaceSnapshot& surface);

}  // namespace ui
