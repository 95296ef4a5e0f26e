// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include "analysis/load_objective.h"
#include "analysis/surface/directions.h"
#include "analysis/surface/sample_surface.h"
#include "trainer/base/error.h"

namespace analysis {

/// theta(x, y) = theta0 + x d1 + y d2 and what the two splits say there. Shared by sampleSurface and PlaneSession.
///
/// theta(x, y) is written to memory of its own, from theta0 each time: theta0 is never touched and errors do not add up.
class Plane {
 public:
  struct Values {
    Evaluation train, test;
  };
  /// Makes the directions (and saves them where the spec asks for it). @throws as makeDirections and saveDirections do.
  Plane(LoadedRun run, const SurfaceSpec& spec, const Context& context);
  /// One forward pass over both splits (over the one sample, twice the same numbers, where the test set itself is asked for). A loss that is not finite is returned
  /// as it is.
  Values evaluate(double x, double y);
  Values evaluateAt(const at::Tensor& theta);      ///< the same anywhere: theta [P], in theta0's dtype and on its device
  const at::Tensor& pointAt(double x, double y);   ///< theta(x, y) [P]; scratch, until the next call
  const LoadedRun& run() const { return run_; }
  const Directions& directions() const { return directions_; }

 private:
  LoadedRun run_;
  Directions directions_;
  bool oneSample_;      ///< --split test
  at::Tensor theta_;  ///< [P], scratch
};

/// The grid that `spec` describes, on this plane: what sampleSurface does after loading.
SurfaceGrid samplePlane(Plane& plane, const SurfaceSpec& spec, const SurfaceObserver& observer, const Context& context);

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
