// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <utility>

#include "analysis/objective.h"
#include "analysis/operators/dense.h"
#include "trainer/base/files.h"

namespace analysis::testing {

/// The mean over samples n of b_n . theta + 1/2 (theta - c)' A (theta - c), A symmetric: gradient, Hessian and every sharpness in closed form.
class SampledQuadratic : public Objective {
 public:
  struct Parts {
    at::Tensor theta, a, centre;  ///< [P], [P,P], [P]
    at::Tensor slopes;            ///< b [N,P]
  };
  explicit SampledQuadratic(Parts parts) : parts_(std::move(parts)) { layout_.append("all", {parts_.theta.numel()}, trainer::ParameterKind::weight); }
  /// At `theta` = c + `offset`, with A = diag(values) and one sample without a slope.
  static SampledQuadratic diagonal(const at::Tensor& values, const at::Tensor& theta, const at::Tensor& centre) {
    return SampledQuadratic({theta, at::diag(values), centre, at::zeros({1, theta.numel()}, theta.options())});
  }
  const trainer::ParameterLayout& layout() const override { return layout_; }
  const at::Tensor& theta0() const override { return parts_.theta; }
  std::int64_t sampleCount() const override { return parts_.slopes.size(0); }
  Evaluation evaluate(const at::Tensor& theta) override {
    const at::Tensor d = theta - parts_.centre;
    return {(parts_.slopes.mean(0).dot(theta) + 0.5 * d.dot(parts_.a.mv(d))).item<double>(), 0};
  }
  at::Tensor gradient(const at::Tensor& theta) override { return parts_.slopes.mean(0) + parts_.a.mv(theta - parts_.centre); }
  std::unique_ptr<Objective> part(std::int64_t from, std::int64_t to) const override {
    Parts p = parts_;
    p.slopes = p.slopes.slice(0, from, to);
    return std::make_unique<SampledQuadratic>(p);
  }
  std::unique_ptr<LinearOperator> hessian(const at::Tensor&, std::int64_t, const Context&) override { return std::make_unique<DenseOperator>(parts_.a); }
  std::string stateHash() const override {
    return trainer::contentHash({static_cast<const char*>(parts_.theta.const_data_ptr()), static_cast<std::size_t>(parts_.theta.nbytes())});
  }

 private:
  Parts parts_;
  trainer::ParameterLayout layout_;
};

}  // namespace analysis::testing
