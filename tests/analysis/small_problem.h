// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "analysis/model_objective.h"
#include "analysis/operators/linear_operator.h"
#include "trainer/base/random.h"
#include "trainer/data/dataset.h"
#include "trainer/model/model.h"

namespace analysis::testing {

/// diag(values): eigenvalues and eigenvectors in closed form. Counts its products and calls `before` ahead of each.
class Diagonal : public LinearOperator {
 public:
  explicit Diagonal(const std::vector<double>& values, at::ScalarType dtype = at::kDouble) : values_(at::tensor(values, at::kDouble).to(dtype)) {}
  std::string name() const override { return "diagonal"; }
  std::int64_t size() const override { return values_.numel(); }
  at::TensorOptions options() const override { return values_.options(); }
  at::Tensor apply(const at::Tensor& v) override {
    if (before) before();
    ++products;
    return values_ * v;
  }
  std::function<void()> before;
  std::int64_t products = 0;

 private:
  at::Tensor values_;
};

/// A convolutional network small enough for a dense Hessian: 3x3 convolution, tanh, 2x2 max pool, linear; P = 350 on the digits.
class TinyConvolution : public trainer::Model {
 public:
  TinyConvolution() : Model("tiny convolution") {
    layout_.append("conv.weight", {2, 1, 3, 3}, trainer::ParameterKind::weight);
    layout_.append("conv.bias", {2}, trainer::ParameterKind::bias);
    layout_.append("fc.weight", {10, 32}, trainer::ParameterKind::weight);
    layout_.append("fc.bias", {10}, trainer::ParameterKind::bias);
  }

 protected:
  at::Tensor apply(const std::vector<at::Tensor>& p, const at::Tensor& x) const override {
    const at::Tensor h = at::max_pool2d(at::tanh(at::conv2d(x, p[0], p[1], 1, 1)), {2, 2});
    return at::linear(h.flatten(1), p[2], p[3]);
  }
};

inline std::shared_ptr<const trainer::Model> digitsModel(const std::string& name, const std::string& activation = "tanh") {
  if (name == "tiny convolution") return std::make_shared<TinyConvolution>();
  return trainer::buildModel(name, activation, {.channels = 1, .height = 8, .width = 8, .classes = 10});
}

/// `model` at its seeded start on the first `count` training digits. Change what a test is about, then make the objective.
inline ModelObjective::Parts digitsParts(std::shared_ptr<const trainer::Model> model, at::ScalarType dtype, std::int64_t count) {
  static const trainer::DataSplit digits = trainer::loadData("digits");
  const at::Tensor theta = trainer::initialise(model->layout(), 3, at::kDouble).to(dtype);
  return {.model = std::move(model),
          .theta = theta,
          .data = {digits.train.inputs.slice(0, 0, count), digits.train.labels.slice(0, 0, count)},
          .normalisation = digits.normalisation};
}

/// LeNet on `count` images of noise, 28 x 28: what its shapes need, without a file.
inline ModelObjective::Parts lenetParts(at::ScalarType dtype, std::int64_t count) {
  const auto model = trainer::buildModel("lenet", "relu", {.channels = 1, .height = 28, .width = 28, .classes = 10});
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(count * 28 * 28));
  trainer::RandomStream stream(5);
  for (std::uint8_t& p : pixels) p = static_cast<std::uint8_t>(stream.below(256));
  return {.model = model,
          .theta = trainer::initialise(model->layout(), 3, at::kDouble).to(dtype),
          .data = {at::tensor(pixels, at::kByte).view({count, 1, 28, 28}), at::arange(count, at::kLong).remainder(10)},
          .normalisation = {.scale = 255, .mean = {0.5}, .deviation = {0.3}}};
}

/// A context that `stop` stops.
inline Context contextOf(const std::stop_source& stop, std::function<void(const trainer::Progress&)> progress = {}) {
  return {.stop = stop.get_token(), .progress = std::move(progress), .waitWhilePaused = {}};
}

/// A seeded Gaussian vector [size].
inline at::Tensor gaussian(std::int64_t size, std::uint64_t seed, at::ScalarType dtype = at::kDouble) {
  at::Tensor v = at::empty({size}, at::kDouble);
  trainer::fillNormal({v.mutable_data_ptr<double>(), static_cast<std::size_t>(size)}, seed);
  return v.to(dtype);
}

/// ||a - b|| / ||b||, in double.
inline double relativeDifference(const at::Tensor& a, const at::Tensor& b) {
  return ((a.to(at::kDouble) - b.to(at::kDouble)).norm() / b.to(at::kDouble).norm()).item<double>();
}

inline double largest(const at::Tensor& t) { return t.abs().max().item<double>(); }

}  // namespace analysis::testing
