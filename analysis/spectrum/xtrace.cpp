// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/xtrace.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/spectrum/krylov_space.h"
#include "trainer/base/random.h"

namespace analysis {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

VectorXd toEigen(const at::Tensor& t) {
  const at::Tensor d = t.to(at::kCPU, at::kDouble).contiguous();
  return Eigen::Map<const VectorXd>(d.const_data_ptr<double>(), d.numel());
}

/// The leave-one-out and leave-two-out estimates from Q's coordinates.
class LeaveOut {
 public:
  LeaveOut(std::int64_t parameters, const MatrixXd& r, const MatrixXd& h, const MatrixXd& w, const VectorXd& forms)
      : p_(static_cast<double>(parameters)), n_(r.cols()), r_(r), w_(w), forms_(forms), hw_(h * w), trace_(h.trace()) {
    s_ = r.triangularView<Eigen::Upper>().solve(MatrixXd::Identity(n_, n_)).transpose();
    s_.colwise().normalize();
    hs_ = h * s_;
  }

  Index count() const { return n_; }
  /// t_i
  double one(Index i) const { return value(i, s_.col(i), hs_.col(i)); }
  /// u_ij
  double two(Index i, Index j) const {
    const double g = s_.col(i).dot(s_.col(j));
    VectorXd v = s_.col(j) - g * s_.col(i);
    const double length = v.norm();
    MatrixXd basis(n_, 2), product(n_, 2);
    basis << s_.col(i), v / length;
    product << hs_.col(i), (hs_.col(j) - g * hs_.col(i)) / length;
    return value(i, basis, product);
  }

 private:
  /// The estimate of probe i with the span of v (orthonormal columns, hv = H v) taken out of Q.
  double value(Index i, const MatrixXd& v, const MatrixXd& hv) const {
    const VectorXd a = v.transpose() * w_.col(i);
    const MatrixXd vhv = v.transpose() * hv;
    const double projected = w_.col(i).dot(r_.col(i)) - a.dot(v.transpose() * r_.col(i));
    const double inside = w_.col(i).dot(hw_.col(i)) - 2 * a.dot(v.transpose() * hw_.col(i)) + a.dot(vhv * a);
    const double length = p_ - w_.col(i).squaredNorm() + a.squaredNorm();
    const double scale = (p_ - static_cast<double>(n_ - v.cols())) / length;
    return trace_ - vhv.trace() + scale * (forms_[i] - 2 * projected + inside);
  }

  double p_;
  Index n_;
  const MatrixXd &r_, &w_;
  const VectorXd& forms_;
  MatrixXd hw_, s_, hs_;
  double trace_;
};

/// T and its standard error.
Estimate estimateFrom(const LeaveOut& out) {
  const Index n = out.count();
  VectorXd t(n);
  for (Index i = 0; i < n; ++i) t[i] = out.one(i);
  double shared = 0;
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < i; ++j) shared += (t[i] - out.two(i, j)) * (t[j] - out.two(j, i));
  const auto count = static_cast<double>(n);
  const double own = (t.array() - t.mean()).square().sum() / (count - 1) / count;
  const double skewness = skewnessOf({t.data(), t.data() + n});
  return skewedEstimate(t.mean(), std::sqrt(own + std::max(0.0, 2 * shared / (count * (count - 1)))), skewness, n);
}

/// Probes, basis and the small matrices that grow with them.
class Sketch {
 public:
  Sketch(LinearOperator& a, std::int64_t capacity, std::uint64_t seed) : a_(a), seed_(seed) {
    basis_ = at::empty({capacity, a.size()}, a.options());
    probes_ = at::empty({capacity, a.size()}, a.options());
    r_ = MatrixXd::Zero(capacity, capacity);
    h_ = MatrixXd::Zero(capacity, capacity);
    roundoff_ = a.options().dtype() == at::kDouble ? std::numeric_limits<double>::epsilon() : static_cast<double>(std::numeric_limits<float>::epsilon());
  }

  /// One probe, two products; one where the product lies in the span of the basis already (found() then).
  void grow() {
    const double root = std::sqrt(static_cast<double>(a_.size()));
    const at::Tensor omega = randomUnitVector(a_.size(), a_.options(), trainer::deriveSeed(seed_, fmt::format("xtrace/{}", n_))) * root;
    const at::Tensor y = a_.apply(omega);
    ++products_;
    forms_.push_back(dotInDouble(omega, y));
    squares_.push_back(dotInDouble(y, y));
    at::Tensor rest = y;
    VectorXd coefficients = VectorXd::Zero(n_);
    if (n_ > 0) {
      const at::Tensor q = basis_.narrow(0, 0, n_);
      for (int pass = 0; pass < 2; ++pass) {
        const at::Tensor c = at::mv(q, rest);
        rest = rest - at::mv(q.t(), c);
        coefficients += toEigen(c);
      }
    }
    const double left = std::sqrt(dotInDouble(rest, rest));
    if (left <= 10 * roundoff_ * std::sqrt(*std::max_element(squares_.begin(), squares_.end()))) {
      missing_ = root * left;
      found_ = true;
      return;
    }
    probes_.select(0, n_).copy_(omega);
    basis_.select(0, n_).copy_(rest / left);
    r_.col(n_).head(n_) = coefficients;
    r_(n_, n_) = left;
    const at::Tensor product = a_.apply(basis_.select(0, n_));
    ++products_;
    const VectorXd column = toEigen(at::mv(basis_.narrow(0, 0, n_ + 1), product));
    h_.col(n_).head(n_ + 1) = column;
    h_.row(n_).head(n_ + 1) = column.transpose();
    ++n_;
  }

  Estimate estimate() const {
    const MatrixXd h = h_.topLeftCorner(n_, n_);
    if (found_) return boundedEstimate(h.trace(), missing_, static_cast<std::int64_t>(forms_.size()));
    const at::Tensor product = at::mm(basis_.narrow(0, 0, n_), probes_.narrow(0, 0, n_).t());
    const MatrixXd w = toEigen(product.t().contiguous().flatten()).reshaped(n_, n_);
    const MatrixXd r = r_.topLeftCorner(n_, n_);
    const VectorXd forms = Eigen::Map<const VectorXd>(forms_.data(), n_);
    return estimateFrom(LeaveOut(a_.size(), r, h, w, forms));
  }

  /// ||A||_F: the range's own where it was found, else from the probes.
  Estimate frobenius() const {
    if (!found_) return squareRoot(estimateOf(squares_));
    return boundedEstimate(h_.topLeftCorner(n_, n_).norm(), missing_, static_cast<std::int64_t>(forms_.size()));
  }

  std::int64_t probes() const { return n_; }
  std::int64_t products() const { return products_; }
  bool found() const { return found_; }

 private:
  LinearOperator& a_;
  std::uint64_t seed_;
  at::Tensor basis_, probes_;     ///< rows, [capacity,P]
  MatrixXd r_, h_;                ///< R; Q^T A Q
  std::vector<double> forms_, squares_;  ///< omega^T A omega; ||A omega||^2
  std::int64_t n_ = 0, products_ = 0;
  double roundoff_ = 0, missing_ = 0;
  bool found_ = false;
};

std::int64_t probesAllowed(const LinearOperator& a, const TraceOptions& o) {
  std::int64_t most = std::min(o.maxProducts / 2, a.size() - 1);
  if (o.memoryBytes > 0) most = std::min(most, o.memoryBytes / (2 * a.size() * static_cast<std::int64_t>(a.options().dtype().itemsize())));
  return std::max(most, kLeastProbes);
}

}  // namespace

Trace xtrace(LinearOperator& a, const TraceOptions& options, const trainer::Context& context) {
  const std::int64_t limit = probesAllowed(a, options);
  Sketch sketch(a, limit, options.seed);
  Trace result{.estimate = {}, .frobenius = {}, .method = "xtrace", .products = 0, .reached = false};
  while (!result.reached && !sketch.found() && sketch.probes() < limit) {
    for (const std::int64_t stop = nextProbes(sketch.probes(), limit); sketch.probes() < stop && !sketch.found();) {
      context.checkpoint();
      context.report({.stage = "trace, xtrace", .unit = "products", .done = sketch.products(), .total = 0});
      sketch.grow();
    }
    result.estimate = sketch.estimate();
    result.reached = sketch.found() || meets(result.estimate, options.target);
  }
  result.frobenius = sketch.frobenius();
  result.products = sketch.products();
  return result;
}

}  // namespace analysis
