// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/measure_spec.h"

namespace analysis {

/// One axis: kind, index, range, count.
struct AxisSpec {
  std::string kind = "random";  ///< "random" | "eigen:K" (K-th largest eigenvalue of the Hessian, unit length)
  double from = -1, to = 1;
  std::int64_t size = 33;       ///< odd, >= 3; 1 for an absent y axis
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
  std::string saveDirections;        ///< safetensors file; empty: none
  std::string directions;            ///< read them from this file instead; empty: none
  bool operator==(const SurfaceSpec&) const = default;
};

/// Values at one split. Row-major, rows are y, columns are x; NaN where not computed; non-finite losses stay as they are.
struct SurfaceValues {
  std::vector<double> loss, accuracy;
};

/// theta(x, y) = theta0 + x d1 + y d2 on a grid.
struct SurfaceGrid {
  std::int64_t step = 0, samples = 0, testSamples = 0, parameters = 0;
  std::string batchNorm, precision, device;
  std::vector<double> x, y;               ///< coordinates, ascending; y is {0} for a slice
  bool slice = false;                     ///< 1-D: no y axis
  SurfaceValues train, test;
  std::vector<std::uint8_t> computed;     ///< 1 where evaluated (0: still missing)
  std::vector<std::string> directions;    ///< descriptions: "random, filter-normalised, 1-D zero, seed 0", "eigenvector 1, lambda 0.35, unit"
  std::vector<double> directionNorms;     ///< ||d1||, ||d2||
  double cosine = 0;                      ///< between d1 and d2
  double centre = 0;                      ///< loss at theta on the same samples
  std::int64_t evaluations = 0;
  double seconds = 0;
  bool stopped = false;
  std::int64_t columns() const { return static_cast<std::int64_t>(x.size()); }
  std::int64_t rows() const { return static_cast<std::int64_t>(y.size()); }
};

}  // namespace analysis
