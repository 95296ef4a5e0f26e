// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/objective.h"
#include "trainer/run/run_record.h"

namespace analysis {

/// The measures of trainer/run/curvature_measures.h, each on its own; what the numbers mean is said there. None writes to its arguments; all are functions of them alone.
/// All @throw NumericalError where a product is not finite, and Cancelled. Names and seconds are left to the caller.

/// The top pair of a symmetric operator while it changes slowly, by Lanczos with full re-orthogonalisation: see curvature_tracker.h for its start and its end.
struct TopPair {
  double value = 0;
  double residual = 0;
  std::int64_t products = 0;
  at::Tensor vector;  ///< [P], unit, fixed sign
};
/// `last` [P] may be undefined. Cost: at most maxProducts >= 1 products.
TopPair topPair(LinearOperator& a, const at::Tensor& last, std::int64_t maxProducts, std::uint64_t seed, const Context& context);

/// Eigenvectors of the `count` largest eigenvalues, from one Lanczos space that starts at the sum of the last ones and a random vector.
struct TopSpace {
  at::Tensor vectors;  ///< [k,P] orthonormal rows, descending; k = count, or P where that is less
  double sine = 0;     ///< ||R||_F / (theta_k - theta_{k+1}), at most 1, R the Lanczos estimates of the k residuals: bounds the angle to the true space (Davis, Kahan 1970)
  std::int64_t products = 0;
};
/// Ends when the sine is at most 0.05, or after maxProducts > count products.
TopSpace topSpace(LinearOperator& a, const at::Tensor& last, std::int64_t count, std::int64_t maxProducts, std::uint64_t seed, const Context& context);

/// Hutchinson's mean of z'Az over Rademacher probes, probe i the top bits of RandomStream(deriveSeed(seed, "probe/i")); its standard error. From 20 to maxProbes of
/// them, until the standard error is at most 5 % of the value.
trainer::TrackedValue hutchinsonTrace(LinearOperator& a, std::int64_t maxProbes, std::uint64_t seed, const Context& context);

/// 2/eta_c with eta_c the smallest eta > 0 at which L(theta0 - eta update) > L(theta0): doubled or halved from `rate` to a bracket, which is bisected (in log eta)
/// to a ratio of 1.02. Where L crosses several times the bracket holds one of the crossings. inf: no step down to rate 2^-20 does not raise it; 0: none up to rate 2^20 does.
/// Cost: at most 40 forward passes, typically 9.
trainer::TrackedValue criticalSharpness(Objective& objective, const at::Tensor& update, double rate, const Context& context);

/// u'Hu/||u||^2; NaN where u = 0. Cost: one product.
trainer::TrackedValue directionalSharpness(LinearOperator& hessian, const at::Tensor& update);

}  // namespace analysis
