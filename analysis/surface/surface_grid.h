// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/measure_spec.h"
#include "analysis/surface/promise.h"
#include "analysis/surface/sam_step.h"
#include "analysis/unknown.h"

namespace analysis {

/// One axis: kind, index, range, count.
struct AxisSpec {
  std::string kind = "random";  ///< the words of axis_kind.h: "random", "eigen:1", "toward:runs/sam" ...
  double from = -1, to = 1;
  std::int64_t size = 33;       ///< odd, >= 3; 1 for an absent y axis
  std::string normalise{};      ///< of a random direction: filter | layer | none; empty: the surface's
  bool operator==(const AxisSpec&) const = default;
};

struct SurfaceSpec {
  MeasureSpec measure;
  AxisSpec x;
  std::optional<AxisSpec> y;         ///< absent: a 1-D slice
  std::string normalise = "filter";  ///< filter | layer | none, for random directions; eigenvectors never
  std::string oneD = "zero";         ///< 1-D tensors of a random direction: zero | norm | elementwise
  std::uint64_t directionSeed = 0;
  bool orthogonalise = false;        ///< Gram-Schmidt on y
  bool orthonormal = false;          ///< the same, and both axes of unit length
  bool fitRange = false;             ///< ranges that hold what is marked and the checkpoints, instead of those of the axes
  bool trajectory = false;           ///< with the run's own checkpoints
  std::vector<std::string> trajectoriesOf{};  ///< with the checkpoints of these runs too
  std::int64_t seeds = 1;            ///< a slice along random directions of so many seeds, from directionSeed on
  std::vector<std::string> fields{}; ///< what else is computed at every point: gradient-norm | lambda-max | sam-max | generalisation
  std::optional<double> rho{};       ///< of sam-max; unset: the run's, 0.05 where it has none
  bool samStep = false;              ///< with one step of SAM at the checkpoint, projected
  std::optional<double> samRho{};    ///< its radius; unset: the run's, 0.05 where it has none
  std::optional<double> tolerance{}; ///< few evaluations, the rest interpolated within so much of max(L, range/100) (refine_surface.h); unset: every point is evaluated
  std::string saveDirections;        ///< safetensors file; empty: none
  std::string directions;            ///< read them from this file instead; empty: none
  bool operator==(const SurfaceSpec&) const = default;
};

/// Values at one split. Row-major, rows are y, columns are x; NaN where missing; non-finite losses stay as they are.
struct SurfaceValues {
  std::vector<double> loss, accuracy;
};

/// One more number at each point: same order as SurfaceValues.
struct SurfaceField {
  std::string name;
  std::vector<double> values;
  std::vector<double> residual{};  ///< of lambda-max, ||H q - lambda q||; empty for others
  std::string note{};              ///< how it was found
  std::int64_t gradients = 0, products = 0, evaluations = 0;
  double seconds = 0;
};

/// The curves of one seed.
struct SeedSlice {
  std::uint64_t seed = 0;
  double norm = 0;  ///< ||d||
  SurfaceValues train, test;
};

/// What an axis is, what it took, and what it says. NaN: does not apply, or is not known before it is computed (previewAxes).
struct AxisReport {
  std::string description{};            ///< "random, filter-normalised, 1-D zero, seed 0", "eigenvector 1, lambda 0.35, unit"
  double norm = kUnknown;               ///< ||d||
  double explainedVariance = kUnknown;  ///< pca: share of the checkpoints' squared length (or variance) along it
  double randomWalkVariance = kUnknown; ///< pca: the same share of a random walk at the same steps
  double eigenvalue = kUnknown, residual = kUnknown;  ///< eigen: ||H q - lambda q|| of a fresh product
  std::int64_t products = 0, gradients = 0, checkpoints = 0;  ///< Hessian products, gradients, and checkpoint files read
  double seconds = 0;
};

/// A checkpoint over (or in) the plane. It is not in it: what the plane shows under it is another loss than the optimizer saw.
struct TrajectoryPoint {
  std::string run{};
  std::int64_t step = 0;
  double x = 0, y = 0;      ///< of the nearest point of the plane, by least squares in its own metric
  double loss = 0, testLoss = 0;  ///< at the checkpoint itself, on the surface's samples
  double planeLoss = 0;     ///< at (x, y) in the plane
  double distance = 0;      ///< out of the plane
};

/// theta(x, y) = theta0 + x d1 + y d2 on a grid.
struct SurfaceGrid {
  std::int64_t step = 0, samples = 0, testSamples = 0, parameters = 0;
  std::string split = "train";            ///< whose samples `train` holds: train | validation; test: `train` and `test` are the same numbers
  std::string batchNorm, precision, device;
  std::vector<double> x, y;               ///< coordinates, ascending; y is {0} for a slice
  bool slice = false;                     ///< 1-D: no y axis
  SurfaceValues train, test;
  std::vector<std::uint8_t> computed;     ///< 1 where evaluated (0: interpolated, or still missing)
  std::vector<std::uint8_t> interpolated{}; ///< 1 where the values are interpolated between computed ones; empty: nowhere
  std::optional<ErrorPromise> promise{};  ///< of what is interpolated, where a tolerance was asked for and the grid is whole
  std::vector<std::string> directions;    ///< descriptions: "random, filter-normalised, 1-D zero, seed 0", "eigenvector 1, lambda 0.35, unit"
  std::vector<double> directionNorms;     ///< ||d1||, ||d2||
  std::vector<AxisReport> axes;           ///< of d1, d2
  double cosine = 0;                      ///< between d1 and d2
  std::vector<TrajectoryPoint> marks;     ///< the runs that axes point toward
  std::vector<TrajectoryPoint> trajectory;///< by run, then step
  std::optional<SamStep> samStep{};       ///< where it was asked for
  std::vector<SurfaceField> fields;       ///< by the order of the spec
  std::vector<SeedSlice> seeds;           ///< where several were asked for: train and test are their mean
  SurfaceValues trainDeviation, testDeviation;  ///< between the seeds (n - 1)
  double centre = 0;                      ///< loss at theta on the same samples
  double thetaNorm = kUnknown;            ///< ||theta||; NaN in files from before it was kept
  std::int64_t evaluations = 0;
  double seconds = 0;
  bool stopped = false;
  bool isInterpolated(std::size_t i) const { return i < interpolated.size() && interpolated[i] != 0; }
  bool hasValue(std::size_t i) const { return computed[i] != 0 || isInterpolated(i); }  ///< computed or interpolated: not missing
  std::int64_t columns() const { return static_cast<std::int64_t>(x.size()); }
  std::int64_t rows() const { return static_cast<std::int64_t>(y.size()); }
};

}  // namespace analysis
