// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/operators/dense.h"

#include <ATen/ATen.h>

#include <Eigen/Eigenvalues>

namespace analysis {

DenseOperator::DenseOperator(at::Tensor matrix) : matrix_(std::move(matrix)) {}

at::Tensor DenseOperator::apply(const at::Tensor& v) { return at::mv(matrix_, v); }

at::Tensor denseMatrix(LinearOperator& a) {
  at::Tensor matrix = at::empty({a.size(), a.size()}, a.options());
  for (std::int64_t i = 0; i < a.size(); ++i) {
    at::Tensor e = at::zeros({a.size()}, a.options());
    e[i] = 1;
    matrix.select(1, i).copy_(a.apply(e));
  }
  return matrix;
}

at::Tensor denseEigenvalues(const at::Tensor& matrix) {
  const at::Tensor m = ((matrix + matrix.t()) / 2).to(at::kCPU, at::kDouble).contiguous();
  const Eigen::Map<const Eigen::MatrixXd> view(m.const_data_ptr<double>(), m.size(0), m.size(1));
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(view, Eigen::EigenvaluesOnly);
  at::Tensor values = at::empty({m.size(0)}, at::kDouble);
  Eigen::Map<Eigen::VectorXd>(values.mutable_data_ptr<double>(), m.size(0)) = solver.eigenvalues();
  return values;
}

}  // namespace analysis
