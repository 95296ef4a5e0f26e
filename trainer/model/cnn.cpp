// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <stdexcept>

#include "trainer/model/architectures.h"

namespace trainer {
namespace {

class Cnn final : public Model {
 public:
  Cnn(Activation activation, const InputShape& input) : Model("cnn"), activation_(activation) {
    appendLayer(layout_, "conv1", {16, input.channels, 3, 3});
    appendLayer(layout_, "conv2", {32, 16, 3, 3});
    appendLayer(layout_, "fc", {input.classes, 32 * (input.height / 2) * (input.width / 2)});
  }

 protected:
  at::Tensor apply(const std::vector<at::Tensor>& p, const at::Tensor& x) const override {
    at::Tensor h = activation_(at::conv2d(x, p[0], p[1], 1, 1));
    h = activation_(at::conv2d(h, p[2], p[3], 1, 1));
    h = at::max_pool2d(h, {2, 2});
    return at::linear(h.flatten(1), p[4], p[5]);
  }

 private:
  Activation activation_;
};

}  // namespace

std::shared_ptr<const Model> buildCnn(Activation activation, const InputShape& input) {
  if (input.height < 2 || input.width < 2)
    throw std::invalid_argument(fmt::format("--model cnn needs images of 2x2 or more, the data has {}x{}; use mlp", input.height, input.width));
  return std::make_shared<Cnn>(activation, input);
}

}  // namespace trainer
