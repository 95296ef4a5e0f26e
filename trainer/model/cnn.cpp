// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <stdexcept>

#include "trainer/model/architectures.h"
#include "trainer/model/channels_last.h"

namespace trainer {
namespace {

class Cnn final : public Model {
 public:
  Cnn(Activation activation, const InputShape& input)
      : Model("cnn"),
        activation_(activation),
        conv1_(appendConvolution(layout_, "conv1", {.inputs = input.channels, .outputs = 16, .bias = true})),
        conv2_(appendConvolution(layout_, "conv2", {.inputs = 16, .outputs = 32, .bias = true})),
        fc_(appendLinear(layout_, "fc", 32 * (input.height / 2) * (input.width / 2), input.classes)) {}

 protected:
  at::Tensor apply(const Forward& f, const at::Tensor& x) const override {
    const at::Tensor h = activation_(conv2_(f, activation_(conv1_(f, channelsLast(x)))));
    return fc_(f, maxPool(h).flatten(1));
  }

 private:
  Activation activation_;
  Convolution conv1_, conv2_;
  Linear fc_;
};

}  // namespace

std::shared_ptr<const Model> buildCnn(Activation activation, const InputShape& input) {
  if (input.height < 2 || input.width < 2)
    throw std::invalid_argument(fmt::format("--model cnn needs images of 2x2 or more, the data has {}x{}; use mlp", input.height, input.width));
  return std::make_shared<Cnn>(activation, input);
}

}  // namespace trainer
