// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analysis/measure_spec.h"

namespace analysis {

/// Curvature as a function of the step, along a unit direction.
struct KappaSpec {
  MeasureSpec measure;
  std::string direction = "eigen:1";  ///< eigen:K | gradient | random (filter-normalised, then of unit length)
  std::uint64_t directionSeed = 0;
  std::vector<double> steps;          ///< > 0; empty: 1e-4 ... 1, three a decade
  bool operator==(const KappaSpec&) const = default;
};

/// Two finite differences at one step h.
struct KappaPoint {
  double h = 0;
  double fromLoss = 0;      ///< (L(theta + h u) + L(theta - h u) - 2 L(theta)) / h^2
  double fromGradient = 0;  ///< u . (g(theta + h u) - g(theta - h u)) / (2 h)
  double rounding = 0;      ///< 4 eps |L| / h^2, eps the precision's: about what rounding alone does to fromLoss; an estimate
};

struct Kappa {
  std::int64_t step = 0, samples = 0, parameters = 0;
  std::string batchNorm, precision, device;
  double lossValue = 0;
  std::string direction;     ///< "eigenvector 1, lambda 3.25", ...
  double reference = 0;      ///< u'Hu, from a product: the limit h -> 0 where the loss is smooth
  std::vector<KappaPoint> points;
  bool kinked = false;       ///< ReLU or max pool: a finite step crosses kinks that the Hessian does not see
  double closest = 0;        ///< smallest |fromGradient - reference| / |reference| over the steps
  std::string verdict;       ///< informative (kinked) | passed | failed: closest within 1e-4 (double) or 1e-2 (float)
  double seconds = 0;
  bool stopped = false;
};

}  // namespace analysis
