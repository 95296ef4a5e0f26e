// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "analysis/surface/surface_grid.h"
#include "trainer/base/context.h"

namespace analysis {

class Plane;

/// What a point of a plane is to be asked.
struct PointWish {
  std::optional<std::int64_t> samples{};  ///< unset: those of the surface; 0: all of its split; N: a seeded subset, the surface's own where that has no more
  bool test = true;                       ///< the test set too
  bool gradientNorm = false;              ///< of the loss on the samples: one gradient
};

/// What is true at a point of a plane.
struct PlanePoint {
  double trainLoss = 0, trainAccuracy = 0;                  ///< on the samples of the surface's split
  double testLoss = kUnknown, testAccuracy = kUnknown;      ///< NaN: not asked for
  double aboveCentre = 0;                                   ///< trainLoss minus that at (0, 0), on the same samples
  double gradientNorm = kUnknown;                           ///< ||grad L||; NaN: not asked for, or the running statistics move along the plane and it is not the surface's
  std::int64_t samples = 0, testSamples = 0;
};

/// A live plane: opened once, evaluated as often as one likes (click, walk). On the surface's own samples its numbers are the grid's, bit for bit with the same number
/// of threads. Other samples are read at the first wish for them and kept. Not thread-safe; std types only.
/// Cost of a point: one forward pass over the samples, one over the test set, about three more for the gradient norm.
class PlaneSession {
 public:
  using Point = PlanePoint;
  /// Same checks, directions and costs before the first point as sampleSurface; what the spec saves, marks or adds to a grid is not done.
  PlaneSession(SurfaceSpec spec, const trainer::Context& context);
  ~PlaneSession();
  PlaneSession(PlaneSession&&) noexcept;
  PlaneSession& operator=(PlaneSession&&) noexcept;
  /// @throws as sampleSurface() for samples that cannot be read
  Point evaluate(double x, double y, const PointWish& wish = {});

 private:
  struct Samples;
  Samples& samplesOf(const PointWish& wish);
  SurfaceSpec spec_;
  std::unique_ptr<Plane> plane_;
  std::map<std::int64_t, std::unique_ptr<Samples>> samples_;  ///< by count; -1: the surface's
};

/// The spec whose session says what a result's grid says: the step as a number, without what a session does not do.
SurfaceSpec planeSpecOf(SurfaceSpec spec, const SurfaceGrid& grid);

}  // namespace analysis
