// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "trainer/model/parameter_layout.h"
#include "trainer/optim/batch_objective.h"

namespace trainer {

/// Every kind of tensor, 23 numbers.
inline ParameterLayout stepLayout() {
  ParameterLayout layout;
  layout.append("conv.weight", {2, 1, 2, 2}, ParameterKind::weight);
  layout.append("conv.bias", {2}, ParameterKind::bias);
  layout.append("norm.weight", {2}, ParameterKind::norm);
  layout.append("norm.bias", {2}, ParameterKind::norm);
  layout.append("last.weight", {3, 2}, ParameterKind::weight);
  layout.append("last.bias", {3}, ParameterKind::bias);
  return layout;
}

inline at::Tensor stepTheta() { return at::arange(23, at::kDouble).mul(1.7).sin(); }

/// Item i has the loss sum_k (a_ik theta_k^2/2 + b_ik theta_k^4/4) + (c_i.theta)^2/2, so that gradient and Hessian product are closed forms; the
/// minimum, and a zero of the gradient, is at 0. Items are cut into groups of at most groupSize.
class StepProblem : public BatchObjective {
 public:
  static constexpr std::int64_t kItems = 5;
  explicit StepProblem(std::int64_t groupSize = kItems, at::TensorOptions options = at::kDouble) : groupSize_(groupSize) {
    const at::Tensor t = at::arange(kItems * 23, at::kDouble).view({kItems, 23});
    a_ = (0.8 + t.mul(0.37).cos()).to(options);
    b_ = (0.3 + t.mul(0.91).sin().abs()).to(options);
    c_ = t.mul(1.3).cos().mul(0.5).to(options);
  }
  std::int64_t groups() const override { return (kItems + groupSize_ - 1) / groupSize_; }
  double weight(std::int64_t group) const override { return static_cast<double>(count(group)) / static_cast<double>(kItems); }
  LossAndGradient first(std::int64_t group, const at::Tensor& theta) override {
    const at::Tensor c = items(c_, group), square = theta * theta;
    const at::Tensor loss = (items(a_, group).mv(square) / 2 + items(b_, group).mv(square * square) / 4 + c.mv(theta).square() / 2).mean();
    return {keep(loss), gradient(group, theta)};
  }
  at::Tensor again(std::int64_t group, const at::Tensor& theta) override {
    points.push_back(theta.clone());
    return gradient(group, theta);
  }
  at::Tensor hessianProduct(std::int64_t group, const at::Tensor& theta, const at::Tensor& v) override {
    ++products;
    const at::Tensor c = items(c_, group);
    return keep((items(a_, group) * v + 3 * items(b_, group) * theta.square() * v + c * c.mv(v).unsqueeze(1)).mean(0));
  }
  /// Whether something that was handed out has been written to.
  bool untouched() const {
    for (std::size_t i = 0; i < given_.size(); ++i)
      if (!at::equal(given_[i], copies_[i])) return false;
    return true;
  }
  std::vector<at::Tensor> points;  ///< where again() was asked
  int products = 0;

 private:
  std::int64_t count(std::int64_t group) const { return std::min(groupSize_, kItems - group * groupSize_); }
  at::Tensor items(const at::Tensor& all, std::int64_t group) const { return all.narrow(0, group * groupSize_, count(group)); }
  at::Tensor keep(at::Tensor given) {
    given_.push_back(given);
    copies_.push_back(given.clone());
    return given;
  }
  at::Tensor gradient(std::int64_t group, const at::Tensor& theta) {
    const at::Tensor c = items(c_, group);
    return keep((items(a_, group) * theta + items(b_, group) * theta.pow(3) + c * c.mv(theta).unsqueeze(1)).mean(0));
  }
  std::int64_t groupSize_;
  at::Tensor a_, b_, c_;
  std::vector<at::Tensor> given_, copies_;
};

}  // namespace trainer
