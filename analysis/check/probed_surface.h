// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "analysis/check/oddities.h"
#include "analysis/check/grid_oddities.h"
#include "analysis/model_objective.h"
#include "analysis/surface/plane.h"
#include "trainer/run/run_record.h"

/// A surface with its plane made again, and the parts of findOddities() that are measured on it.
namespace analysis {

/// A cell that is looked at again.
struct ProbedCell {
  std::size_t row = 0, column = 0;
  double x = 0, y = 0;
  double stored = 0, again = 0;  ///< losses
};

class ProbedSurface {
 public:
  /// Makes the axes and evaluates the cells. @throws what loadRun() and makeDirections() throw
  ProbedSurface(const SurfaceResult& surface, const OdditySpec& spec, const Context& context);

  const SurfaceResult& surface() const { return surface_; }
  const SurfaceGrid& grid() const { return surface_.grid; }
  const SurfaceSpec& spec() const { return made_; }       ///< the surface's, at the step that was measured
  const LoadedRun& run() const { return plane_.run(); }
  const ModelObjective& network() const { return *network_; }
  const Directions& directions() const { return plane_.directions(); }
  const trainer::RunRecord& record() const { return record_; }
  const std::vector<ProbedCell>& cells() const { return cells_; }  ///< the farthest from the centre first
  double centre() const { return centre_; }               ///< L(theta), evaluated again
  double span() const { return rangeOf(grid()).span; }
  double rounding(double single, double exact) const;     ///< of two by the precision
  double loss(double x, double y);                        ///< in the plane
  /// The loss of `run` (another precision or policy) at the plane's point.
  double lossOf(const LoadedRun& run, const MeasureSpec& measure, double x, double y);
  /// Losses of the samples, double [N], at the plane's point.
  at::Tensor itemLosses(double x, double y);
  const Context& context() const { return context_; }
  std::int64_t evaluations = 0, products = 0;

 private:
  void choose(std::int64_t probes, std::uint64_t seed);

  const SurfaceResult& surface_;
  const Context& context_;
  SurfaceSpec made_;
  Plane plane_;
  const ModelObjective* network_;
  trainer::RunRecord record_;
  std::vector<ProbedCell> cells_;
  double centre_ = 0;
};

/// centre-value, recorded-loss, cells-again, spikes, rounding, batch-norm, samples.
std::vector<Finding> valueOddities(ProbedSurface& s);
/// range, curvature-over-step, filter-normalisation, one-d-tensors, scale-invariance.
std::vector<Finding> directionOddities(ProbedSurface& s);

}  // namespace analysis
