// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/invariance/invariance.h"
#include "analysis/objective.h"

namespace analysis {

/// One measure of a checkpoint, with what is needed to compare it with another checkpoint's.
struct InvariantValue {
  std::string measure;
  double value = 0;
  double error = 0;             ///< lambda: residual; worst: what the last quarter of the ascent gained; draws: standard error; else 0
  std::vector<double> draws{};  ///< draw i belongs to draw i of the other checkpoint: the same random numbers
};

/// How random vectors go along with a transformation that moves coordinates: drawn for the weights before, then moved as those were. Empty: drawn as they are.
struct Carried {
  std::function<at::Tensor(const at::Tensor&)> moved{};
  at::Tensor theta{};  ///< [P] before
};

/// Of the objective at theta0: lambda_max, lambda_min (Lanczos), trace (Hutchinson, the same signs each time), worst (from the gradient), one_step, average,
/// gradient_norm and each _adaptive (the gradient's is ||T g||), relative_flatness of the last layer, filter_curvature (mean of d'Hd over filter-normalised
/// Gaussian directions) and parameter_norm.
/// Cost: about 3 `draws` + 30 products, 2 (iterations + 1) gradients and evaluations, 2 `draws` evaluations.
std::vector<InvariantValue> invariantMeasures(Objective& objective, const InvarianceSpec& spec, const Carried& carried, const Context& context);

/// Whether two checkpoints' values can be told apart: |after - before| against
///   4 standard errors of the mean of the differences, draw by draw (the same random numbers, so that what is equal differs by rounding only), or
///   twice the sum of both errors where there are no draws,
/// and a floor for rounding: 1e-3 of the larger value in float, 1e-6 in double.
InvarianceBadge compare(const InvariantValue& before, const InvariantValue& after, at::ScalarType precision);

}  // namespace analysis
