// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "analysis/surface/surface_grid.h"
#include "trainer/base/context.h"

namespace analysis {

class Plane;

/// A live plane: opened once, evaluated as often as one likes (click, walk). Not thread-safe; std types only.
class PlaneSession {
 public:
  struct Point {
    double trainLoss = 0, trainAccuracy = 0, testLoss = 0, testAccuracy = 0;
  };
  /// Same checks, directions and costs before the first point as sampleSurface.
  PlaneSession(const SurfaceSpec& spec, const trainer::Context& context);
  ~PlaneSession();
  PlaneSession(PlaneSession&&) noexcept;
  PlaneSession& operator=(PlaneSession&&) noexcept;
  Point evaluate(double x, double y);

 private:
  std::unique_ptr<Plane> plane_;
};

}  // namespace analysis
