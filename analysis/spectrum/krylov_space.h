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
/// restart() keeps some Ritz vectors y_i and q_{m+1}: T is then diag(theta_i) bordered by beta_m s_mi (an arrowhead), tridiagonal from there on, and what
/// follows is exact all the same (Wu, Simon, SIAM J. Matrix Anal. Appl. 22 (2000)).
/// Memory: m P numbers. Cost of a step: one product and 8 (m + fixed) P flops.
class KrylovSpace {
 public:
  /// `fixed` [k,P]: orthonormal rows that are kept out (may be undefined). The start vector is `start` [P], of any length, where it is defined, finite
  /// and not inside `fixed`, and random by `seed` otherwise.
  KrylovSpace(LinearOperator& a, at::Tensor fixed, std::uint64_t seed, const at::Tensor& start = {});

  void reserve(std::int64_t vectors);  ///< room for so many at once, instead of by doubling
  void extend();                       ///< one product. @throws NumericalError, Cancelled; the space is then as before
  std::int64_t size() const { return static_cast<std::int64_t>(alpha_.size()); }
  bool exhausted() const { return exhausted_; }   ///< nothing is left to add: T holds the whole spectrum of the complement
  bool invariant() const { return beta_.back() == 0; }  ///< the last beta vanished: every Ritz pair is exact
  void diagonalise();                  ///< of T_m, in double; fills values and last components
  const Eigen::VectorXd& values() const { return values_; }    ///< Ritz values, ascending
  double estimate(std::int64_t i) const;                       ///< |beta_m s_mi|, the residual of pair i in exact arithmetic
  double firstComponent(std::int64_t i) const { return components_(0, i); }  ///< s_1i: of Ritz vector i along the start vector, before any restart
  /// Nodes and weights of the start vector's Gauss-Radau quadrature: T with one row more whose diagonal entry makes 0 an eigenvalue. Before any restart.
  void radauAtZero(std::vector<double>& nodes, std::vector<double>& weights) const;
  at::Tensor vector(std::int64_t i) const;                     ///< Ritz vector [P], unit
  /// Shrinks the space to the `bottom` smallest and `top` largest of its Ritz vectors (fewer than size()) and q_{m+1}. After diagonalise(), not exhausted.
  void restart(std::int64_t top, std::int64_t bottom);

 private:
  void setNext(at::Tensor w);          ///< normalises w and appends it as q_{m+1}
  at::Tensor orthogonalised(at::Tensor w) const;  ///< against fixed and Q, twice
  at::Tensor randomDirection();
  at::Tensor directionOf(const at::Tensor& start);  ///< orthogonalised and unit; undefined where nothing is left of it
  LinearOperator& a_;
  at::Tensor fixed_, basis_;           ///< basis_ [capacity,P]
  std::int64_t rows_ = 0;              ///< rows of basis_ in use: size() + 1, or size() when exhausted
  std::uint64_t seed_;
  std::vector<double> alpha_, beta_;   ///< of the kept Ritz vectors: theta and 0
  std::vector<double> arrow_;          ///< beta_m s_mi of the kept Ritz vectors: their entries in the column that follows them
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
