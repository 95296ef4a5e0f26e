// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace trainer {

struct LossAndGradient {
  at::Tensor loss;      ///< scalar
  at::Tensor gradient;  ///< [P]
};

/// The training objective (L2 in it, where it belongs to the loss) on one mini-batch, cut into groups of items: one group, unless
/// --perturbation-group asks for more. A step calls first() or firstForProduct() once a group, then again() or hessianProduct() for the same group, in the
/// order of the groups. What it returns is measured data: a step never writes to it, nor to theta.
class BatchObjective {
 public:
  virtual ~BatchObjective() = default;
  virtual std::int64_t groups() const = 0;
  virtual double weight(std::int64_t group) const = 0;  ///< n_j / n; all of them sum to 1

  /// Takes the running statistics along.
  virtual LossAndGradient first(std::int64_t group, const at::Tensor& theta) = 0;
  /// first() where the hessianProduct() of the same group at the same theta comes next: an objective may keep the graph for it. The same numbers but for rounding.
  virtual LossAndGradient firstForProduct(std::int64_t group, const at::Tensor& theta) { return first(group, theta); }
  /// The gradient [P] with the same random numbers as first(); running statistics stay untouched.
  virtual at::Tensor again(std::int64_t group, const at::Tensor& theta) = 0;
  /// H v [P] at theta by double backward, with the same random numbers; running statistics stay untouched. Counts as two gradients
  /// (three without firstForProduct()).
  virtual at::Tensor hessianProduct(std::int64_t group, const at::Tensor& theta, const at::Tensor& v) = 0;
};

}  // namespace trainer
