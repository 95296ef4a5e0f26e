// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include "analysis/evaluate_point.h"
#include "analysis/surface/directions.h"
#include "analysis/surface/sample_surface.h"
#include "trainer/base/error.h"

namespace analysis {

/// theta(x, y) = theta0 + x d1 + y d2 and what the two splits say there. Shared by sampleSurface and PlaneSession.
///
/// theta(x, y) is written to memory of its own, from theta0 each time: theta0 is never touched and errors do not add up.
class Plane {
 public:
  using Values = SetValues;
  /// Makes the directions (and saves them where the spec asks for it). @throws as makeDirections and saveDirections do.
  Plane(LoadedRun run, const SurfaceSpec& spec, const Context& context);
  Plane(const Plane&) = delete;
  Plane& operator=(const Plane&) = delete;
  /// One forward pass over both sets, by the policy of PointEvaluator. A loss that is not finite is returned as it is.
  Values evaluate(double x, double y);
  /// The same anywhere: theta [P] and its statistics [B] (undefined: those of the plane's checkpoint), in theta0's dtype and on its device.
  Values evaluateAt(const at::Tensor& theta, const at::Tensor& statistics) const;
  const at::Tensor& pointAt(double x, double y);   ///< theta(x, y) [P]; scratch, until the next call
  at::Tensor statisticsAt(double x, double y) const;  ///< [B] there, where they move; else undefined
  void turn(const SurfaceSpec& spec, const Context& context);  ///< other directions, the same run
  bool statisticsMove() const { return evaluate_.movesStatistics(); }
  const LoadedRun& run() const { return run_; }
  const Directions& directions() const { return directions_; }

 private:
  LoadedRun run_;
  Directions directions_;
  PointEvaluator evaluate_;  ///< of run_
  at::Tensor statistics0_;  ///< [B], where they move
  at::Tensor theta_;  ///< [P], scratch
};

/// The grid that `spec` describes, on this plane: what sampleSurface does after loading.
SurfaceGrid samplePlane(Plane& plane, const SurfaceSpec& spec, const SurfaceObserver& observer, const Context& context, const KnownPoints& known = {});

/// The run of a surface: its statistics may move along axes that point toward other runs. @throws as loadRun() does
LoadedRun loadSurfaceRun(const SurfaceSpec& spec);

/// Runs `action`; an error of torch's leaves as trainer::Error.
template <class Action>
auto atTheEdge(const Action& action) {
  try {
    return action();
  } catch (const c10::Error& e) {
    throw trainer::Error(fmt::format("the surface could not be sampled: {}", e.what_without_backtrace()));
  }
}

}  // namespace analysis
