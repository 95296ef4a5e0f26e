// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/operators/linear_operator.h"

namespace analysis {

/// A symmetric matrix [P,P] as an operator: the slow reference.
class DenseOperator : public LinearOperator {
 public:
  explicit DenseOperator(at::Tensor matrix);
  std::string name() const override { return "dense"; }
  std::int64_t size() const override { return matrix_.size(0); }
  at::TensorOptions options() const override { return matrix_.options(); }
  at::Tensor apply(const at::Tensor& v) override;

 private:
  at::Tensor matrix_;
};

/// The operator's matrix, column by column: P products, P^2 numbers. For small P.
at::Tensor denseMatrix(LinearOperator& a);

/// All eigenvalues, ascending, double, CPU [P]; of (A + A^T)/2, by Eigen.
at::Tensor denseEigenvalues(const at::Tensor& matrix);

}  // namespace analysis
