// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Eigen/Core>
#include <vector>

#include "analysis/operators/linear_operator.h"

namespace analysis {

/// The Lanczos recurrence A Q_m = Q_m T_m + beta_m q_{m+1} e_m^T with full re-orthogonalisation (twice), on the complement of `fixed`.
///
/// Q_m lies in the operator's dtype, one row a vector; alpha and beta are summed in double. Where beta vanishes the space is invariant: a
/// new random direction orthogonal to all of it goes on with beta = 0, so that T stays block-diagonal and exact.
/// Memory: m P numbers. Cost of a step: one product and 8 (m + fixed) P flops.
class KrylovSpace {
 public:
  /// `fixed` [k,P]: orthonormal rows that are kept out (may be undefined). The start vector is `start` [P], of any length, where it is defined, finite
  /// and not inside `fixed`, and random by `seed` otherwise.
  KrylovSpace(LinearOperator& a, at::Tensor fixed, std::uint64_t seed, const at::Tensor& start = {});

  void extend();                       ///< one product. @throws NumericalError, Cancelled; the space is then as before
  std::int64_t size() const { return static_cast<std::int64_t>(alpha_.size()); }
  bool exhausted() const { return exhausted_; }   ///< nothing is left to add: T holds the whole spectrum of the complement
  bool invariant() const { return beta_.back() == 0; }  ///< the last beta vanished: every Ritz pair is exact
  void diagonalise();                  ///< of T_m, in double; fills values and last components
  const Eigen::VectorXd& values() const { return values_; }    ///< Ritz values, ascending
  double estimate(std::int64_t i) const;                       ///< |beta_m s_mi|, the residual of pair i in exact arithmetic
  at::Tensor vector(std::int64_t i) const;                     ///< Ritz vector [P], unit

 private:
  void setNext(at::Tensor w);          ///< normalises w and appends it as q_{m+1}
  at::Tensor orthogonalised(at::Tensor w) const;  ///< against fixed and Q, twice
  at::Tensor randomDirection();
  at::Tensor directionOf(const at::Tensor& start);  ///< orthogonalised and unit; undefined where nothing is left of it
  LinearOperator& a_;
  at::Tensor fixed_, basis_;           ///< basis_ [capacity,P]
  std::int64_t rows_ = 0;              ///< rows of basis_ in use: size() + 1, or size() when exhausted
  std::uint64_t seed_;
  std::vector<double> alpha_, beta_;
  Eigen::VectorXd values_;
  Eigen::MatrixXd components_;
  bool exhausted_ = false;
};

/// A random unit vector [P] by `seed`, the same on every device.
at::Tensor randomUnitVector(std::int64_t size, const at::TensorOptions& options, std::uint64_t seed);

/// v or -v: the component of largest magnitude is positive.
at::Tensor withFixedSign(const at::Tensor& v);

/// sum x_i y_i, in double.
double dotInDouble(const at::Tensor& x, const at::Tensor& y);

}  // namespace analysis
