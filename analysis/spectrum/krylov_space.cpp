// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/krylov_space.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "trainer/base/random.h"

namespace analysis {
namespace {

constexpr std::int64_t kFirstCapacity = 32;

double unitRoundoff(const at::TensorOptions& options) {
  return options.dtype() == at::kDouble ? std::numeric_limits<double>::epsilon() : static_cast<double>(std::numeric_limits<float>::epsilon());
}

}  // namespace

namespace {

constexpr std::int64_t kBlock = 1 << 14;  ///< numbers that are summed on one thread: the sum does not depend on how many there are
constexpr int kSums = 8;

double blockDot(const float* x, const float* y, std::int64_t count) {
  double sums[kSums] = {};
  std::int64_t i = 0;
  for (; i + kSums <= count; i += kSums)
    for (int j = 0; j < kSums; ++j) sums[j] += static_cast<double>(x[i + j]) * static_cast<double>(y[i + j]);
  for (; i < count; ++i) sums[0] += static_cast<double>(x[i]) * static_cast<double>(y[i]);
  return std::accumulate(sums, sums + kSums, 0.0);
}

}  // namespace

double dotInDouble(const at::Tensor& x, const at::Tensor& y) {
  if (!x.is_cpu() || x.scalar_type() != at::kFloat || y.scalar_type() != at::kFloat || !x.is_contiguous() || !y.is_contiguous())
    return at::dot(x.to(at::kDouble), y.to(at::kDouble)).item<double>();
  const std::int64_t count = x.numel();
  std::vector<double> parts(static_cast<std::size_t>((count + kBlock - 1) / kBlock));
  const float *const a = x.const_data_ptr<float>(), *const b = y.const_data_ptr<float>();
  at::parallel_for(0, static_cast<std::int64_t>(parts.size()), 4, [&](std::int64_t from, std::int64_t to) {
    for (std::int64_t p = from; p < to; ++p) parts[static_cast<std::size_t>(p)] = blockDot(a + p * kBlock, b + p * kBlock, std::min(kBlock, count - p * kBlock));
  });
  return std::accumulate(parts.begin(), parts.end(), 0.0);
}

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
    if (fixed_.defined() && fixed_.size(0) > 0) w = at::addmv(w, fixed_.t(), at::mv(fixed_, w), 1, -1);
    if (rows_ > 0) {
      const at::Tensor q = basis_.narrow(0, 0, rows_);
      w = at::addmv(w, q.t(), at::mv(q, w), 1, -1);
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
  if (rows_ == basis_.size(0)) reserve(2 * rows_);
  at::Tensor row = basis_.select(0, rows_);
  at::mul_out(row, w, at::scalar_tensor(1 / std::sqrt(dotInDouble(w, w)), w.options()));
  ++rows_;
}

void KrylovSpace::reserve(std::int64_t vectors) {
  if (vectors <= basis_.size(0)) return;
  at::Tensor larger = at::empty({std::min(a_.size(), vectors), a_.size()}, a_.options());
  larger.narrow(0, 0, rows_).copy_(basis_.narrow(0, 0, rows_));
  basis_ = std::move(larger);
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
  const auto m = static_cast<Eigen::Index>(size()), kept = static_cast<Eigen::Index>(arrow_.size());
  const Eigen::VectorXd diagonal = Eigen::Map<const Eigen::VectorXd>(alpha_.data(), m);
  const Eigen::VectorXd below = Eigen::Map<const Eigen::VectorXd>(beta_.data(), std::max<Eigen::Index>(0, m - 1));
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
  if (kept == 0) {
    solver.computeFromTridiagonal(diagonal, below);
  } else {
    Eigen::MatrixXd t = Eigen::MatrixXd::Zero(m, m);  // its lower triangle
    t.diagonal() = diagonal;
    t.diagonal(-1) = below;
    if (kept < m) t.row(kept).head(kept) = Eigen::Map<const Eigen::RowVectorXd>(arrow_.data(), kept);
    solver.compute(t);
  }
  values_ = solver.eigenvalues();
  components_ = solver.eigenvectors();
}

void KrylovSpace::radauAtZero(std::vector<double>& nodes, std::vector<double>& weights) const {
  // (T_m) d = beta_m^2 e_m; the entry is d_m (Golub, Meurant 2010, section 6.2, with the node at 0).
  const auto m = static_cast<Eigen::Index>(size());
  double pivot = alpha_[0];
  for (Eigen::Index i = 1; i < m; ++i) {
    const double b = beta_[static_cast<std::size_t>(i - 1)];
    pivot = alpha_[static_cast<std::size_t>(i)] - b * b / pivot;
  }
  if (!(pivot > 0)) return;  // rounding: 0 is a node already
  Eigen::VectorXd diagonal(m + 1);
  diagonal << Eigen::Map<const Eigen::VectorXd>(alpha_.data(), m), beta_.back() * beta_.back() / pivot;
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
  solver.computeFromTridiagonal(diagonal, Eigen::VectorXd(Eigen::Map<const Eigen::VectorXd>(beta_.data(), m)));
  for (Eigen::Index i = 0; i <= m; ++i) {
    nodes.push_back(solver.eigenvalues()[i]);
    weights.push_back(solver.eigenvectors()(0, i) * solver.eigenvectors()(0, i));
  }
}

double KrylovSpace::estimate(std::int64_t i) const {
  const auto kept = static_cast<Eigen::Index>(arrow_.size());
  if (kept == components_.rows()) return std::abs(Eigen::Map<const Eigen::VectorXd>(arrow_.data(), kept).dot(components_.col(i)));
  return std::abs(beta_.back() * components_(components_.rows() - 1, i));
}

void KrylovSpace::restart(std::int64_t top, std::int64_t bottom) {
  const std::int64_t m = size(), kept = top + bottom;
  std::vector<std::int64_t> wanted;
  for (std::int64_t i = 0; i < bottom; ++i) wanted.push_back(i);
  for (std::int64_t i = m - top; i < m; ++i) wanted.push_back(i);
  Eigen::MatrixXd s(m, kept);
  std::vector<double> values, arrow;
  for (std::int64_t c = 0; c < kept; ++c) {
    const std::int64_t i = wanted[static_cast<std::size_t>(c)];
    s.col(c) = components_.col(i);
    values.push_back(values_[i]);
    arrow.push_back(beta_.back() * components_(m - 1, i));
  }
  const at::Tensor rotation = at::from_blob(s.data(), {kept, m}, at::kDouble).to(a_.options().device(), a_.options().dtype().toScalarType());
  const at::Tensor vectors = at::mm(rotation, basis_.narrow(0, 0, m));
  const at::Tensor next = basis_.select(0, m).clone();
  basis_.narrow(0, 0, kept).copy_(vectors);
  basis_.select(0, kept).copy_(next);
  rows_ = kept + 1;
  alpha_ = std::move(values);
  beta_.assign(static_cast<std::size_t>(kept), 0);
  arrow_ = std::move(arrow);
}

at::Tensor KrylovSpace::vector(std::int64_t i) const {
  const Eigen::VectorXd column = components_.col(i);
  const at::Tensor s = at::from_blob(const_cast<double*>(column.data()), {column.size()}, at::kDouble).to(a_.options().device(), a_.options().dtype().toScalarType());
  const at::Tensor v = at::mv(basis_.narrow(0, 0, column.size()).t(), s);
  return v / v.to(at::kDouble).norm().item<double>();
}

}  // namespace analysis
