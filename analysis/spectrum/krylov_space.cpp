// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/krylov_space.h"

#include <ATen/ATen.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>

#include "trainer/base/random.h"

namespace analysis {
namespace {

constexpr std::int64_t kFirstCapacity = 32;

double unitRoundoff(const at::TensorOptions& options) {
  return options.dtype() == at::kDouble ? std::numeric_limits<double>::epsilon() : static_cast<double>(std::numeric_limits<float>::epsilon());
}

}  // namespace

double dotInDouble(const at::Tensor& x, const at::Tensor& y) { return at::dot(x.to(at::kDouble), y.to(at::kDouble)).item<double>(); }

at::Tensor randomUnitVector(std::int64_t size, const at::TensorOptions& options, std::uint64_t seed) {
  at::Tensor v = at::empty({size}, at::kDouble);
  trainer::fillNormal({v.mutable_data_ptr<double>(), static_cast<std::size_t>(size)}, seed);
  return (v / v.norm()).to(options.device(), options.dtype().toScalarType());
}

at::Tensor withFixedSign(const at::Tensor& v) {
  const double largest = v[v.abs().argmax()].item<double>();
  return largest < 0 ? -v : v;
}

KrylovSpace::KrylovSpace(LinearOperator& a, at::Tensor fixed, std::uint64_t seed, const at::Tensor& start) : a_(a), fixed_(std::move(fixed)), seed_(seed) {
  basis_ = at::empty({std::min(kFirstCapacity, a.size()), a.size()}, a.options());
  const std::int64_t taken = fixed_.defined() ? fixed_.size(0) : 0;
  if (taken >= a.size()) {
    exhausted_ = true;
    return;
  }
  const at::Tensor first = start.defined() ? directionOf(start.to(a.options())) : at::Tensor();
  setNext(first.defined() ? first : randomDirection());
}

at::Tensor KrylovSpace::orthogonalised(at::Tensor w) const {
  for (int pass = 0; pass < 2; ++pass) {
    if (fixed_.defined() && fixed_.size(0) > 0) w = w - at::mv(fixed_.t(), at::mv(fixed_, w));
    if (rows_ > 0) {
      const at::Tensor q = basis_.narrow(0, 0, rows_);
      w = w - at::mv(q.t(), at::mv(q, w));
    }
  }
  return w;
}

at::Tensor KrylovSpace::randomDirection() {
  // A draw that loses most of its length was nearly inside the space already: orthogonalised once more by the next draw.
  for (;;) {
    at::Tensor w = directionOf(randomUnitVector(a_.size(), a_.options(), trainer::deriveSeed(seed_++, "krylov")));
    if (w.defined()) return w;
  }
}

at::Tensor KrylovSpace::directionOf(const at::Tensor& start) {
  const double length = start.to(at::kDouble).norm().item<double>();
  if (!std::isfinite(length) || length == 0) return {};
  const at::Tensor w = orthogonalised(start / length);
  const double left = w.norm().item<double>();
  return left > 1e3 * unitRoundoff(a_.options()) ? orthogonalised(w / left) : at::Tensor();
}

void KrylovSpace::setNext(at::Tensor w) {
  if (rows_ == basis_.size(0)) {
    at::Tensor larger = at::empty({std::min(a_.size(), 2 * rows_), a_.size()}, a_.options());
    larger.narrow(0, 0, rows_).copy_(basis_);
    basis_ = std::move(larger);
  }
  basis_.select(0, rows_).copy_(w / w.to(at::kDouble).norm().item<double>());
  ++rows_;
}

void KrylovSpace::extend() {
  const std::int64_t m = size();
  const at::Tensor q = basis_.select(0, m);
  const at::Tensor product = a_.apply(q);
  const double alpha = dotInDouble(q, product);
  const at::Tensor w = orthogonalised(product);
  double beta = std::sqrt(dotInDouble(w, w));
  const double scale = std::sqrt(dotInDouble(product, product));
  alpha_.push_back(alpha);
  const std::int64_t taken = fixed_.defined() ? fixed_.size(0) : 0;
  const bool vanishes = beta <= 10 * unitRoundoff(a_.options()) * scale || scale == 0;
  beta_.push_back(vanishes ? 0 : beta);
  if (m + 1 + taken >= a_.size()) {
    beta_.back() = 0;
    exhausted_ = true;
    return;
  }
  setNext(vanishes ? randomDirection() : w);
}

void KrylovSpace::diagonalise() {
  const auto m = static_cast<Eigen::Index>(size());
  const Eigen::VectorXd diagonal = Eigen::Map<const Eigen::VectorXd>(alpha_.data(), m);
  const Eigen::VectorXd below = Eigen::Map<const Eigen::VectorXd>(beta_.data(), std::max<Eigen::Index>(0, m - 1));
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
  solver.computeFromTridiagonal(diagonal, below);
  values_ = solver.eigenvalues();
  components_ = solver.eigenvectors();
}

double KrylovSpace::estimate(std::int64_t i) const { return std::abs(beta_.back() * components_(components_.rows() - 1, i)); }

at::Tensor KrylovSpace::vector(std::int64_t i) const {
  const Eigen::VectorXd column = components_.col(i);
  const at::Tensor s = at::from_blob(const_cast<double*>(column.data()), {column.size()}, at::kDouble).to(a_.options().device(), a_.options().dtype().toScalarType());
  const at::Tensor v = at::mv(basis_.narrow(0, 0, column.size()).t(), s);
  return v / v.to(at::kDouble).norm().item<double>();
}

}  // namespace analysis
