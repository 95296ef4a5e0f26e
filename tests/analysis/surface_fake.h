// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <utility>

#include "analysis/load_objective.h"
#include "analysis/operators/dense.h"
#include "analysis/surface/plane.h"
#include "trainer/base/files.h"

namespace analysis::testing {

/// What a test watches and changes in an objective that a plane owns.
struct Watch {
  std::int64_t evaluations = 0;
  std::function<void()> before;                         ///< called before each evaluation
  std::function<double(const at::Tensor&)> loss;        ///< instead of the quadratic's
};

/// A layer [3,4] with bias [3], then another [2,3] with bias [2]: P = 23.
inline trainer::ParameterLayout smallLayout() {
  trainer::ParameterLayout layout;
  layout.append("fc1.weight", {3, 4}, trainer::ParameterKind::weight);
  layout.append("fc1.bias", {3}, trainer::ParameterKind::bias);
  layout.append("fc2.weight", {2, 3}, trainer::ParameterKind::weight);
  layout.append("fc2.bias", {2}, trainer::ParameterKind::bias);
  return layout;
}

/// L(theta) = 1/2 sum_i a_i theta_i^2 with a_i = i + 1: Hessian diag(1..P), everything in closed form.
class Quadratic : public Objective {
 public:
  Quadratic(std::shared_ptr<Watch> watch, at::ScalarType dtype) : watch_(std::move(watch)) {
    theta_ = (at::arange(layout_.size(), at::kDouble) * 0.37).sin().to(dtype);
    scales_ = at::arange(1, layout_.size() + 1, at::kDouble);
  }
  const trainer::ParameterLayout& layout() const override { return layout_; }
  const at::Tensor& theta0() const override { return theta_; }
  std::int64_t sampleCount() const override { return 7; }
  using Objective::evaluate;
  Evaluation evaluate(const at::Tensor& theta) override {
    if (watch_->before) watch_->before();
    ++watch_->evaluations;
    const at::Tensor t = theta.to(at::kDouble);
    const double value = watch_->loss ? watch_->loss(t) : quadratic(t);
    return {value, 0.5};
  }
  at::Tensor gradient(const at::Tensor& theta) override { return theta * scales_.to(theta.scalar_type()); }
  std::unique_ptr<LinearOperator> hessian(const at::Tensor&, std::int64_t, const Context&) override {
    return std::make_unique<DenseOperator>(at::diag(scales_).to(theta_.scalar_type()));
  }
  std::string stateHash() const override {
    return trainer::contentHash({static_cast<const char*>(theta_.const_data_ptr()), static_cast<std::size_t>(theta_.nbytes())});
  }
  double quadratic(const at::Tensor& theta) const { return 0.5 * (scales_ * theta * theta).sum().item<double>(); }
  const at::Tensor& scales() const { return scales_; }

 private:
  std::shared_ptr<Watch> watch_;
  trainer::ParameterLayout layout_ = smallLayout();
  at::Tensor theta_, scales_;
};

/// A run whose two splits are quadratics.
inline LoadedRun quadraticRun(std::shared_ptr<Watch> train, std::shared_ptr<Watch> test, at::ScalarType dtype) {
  LoadedRun run;
  run.step = 42;
  run.device = "cpu";
  run.precision = dtype == at::kDouble ? "double" : "float";
  run.train = std::make_unique<Quadratic>(std::move(train), dtype);
  run.test = std::make_unique<Quadratic>(std::move(test), dtype);
  return run;
}

/// A plane over two quadratics, and what to watch it with.
struct FakePlane {
  std::shared_ptr<Watch> watch = std::make_shared<Watch>(), testWatch = std::make_shared<Watch>();
  const Quadratic* train = nullptr;
  std::unique_ptr<Plane> plane;

  explicit FakePlane(const SurfaceSpec& spec, at::ScalarType dtype = at::kDouble) {
    LoadedRun run = quadraticRun(watch, testWatch, dtype);
    train = static_cast<const Quadratic*>(run.train.get());
    plane = std::make_unique<Plane>(std::move(run), spec, Context{});
  }
};

inline SurfaceSpec planeSpec(std::int64_t columns, std::int64_t rows) {
  SurfaceSpec spec;
  spec.x.size = columns;
  spec.y = AxisSpec{.size = rows};
  return spec;
}

}  // namespace analysis::testing
