// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <stdexcept>

#include "trainer/model/architectures.h"
#include "trainer/model/channels_last.h"

namespace trainer {
namespace {

constexpr std::int64_t kSmallestSide = 28;

/// What is left of a side behind both convolutions (the second without padding) and both pools.
std::int64_t lastSide(std::int64_t side) { return (side / 2 - 4) / 2; }

class Lenet final : public Model {
 public:
  explicit Lenet(const InputShape& input)
      : Model("lenet"),
        conv1_(appendConvolution(layout_, "conv1", {.inputs = input.channels, .outputs = 6, .kernel = 5, .padding = 2, .bias = true})),
        conv2_(appendConvolution(layout_, "conv2", {.inputs = 6, .outputs = 16, .kernel = 5, .padding = 0, .bias = true})),
        fc1_(appendLinear(layout_, "fc1", 16 * lastSide(input.height) * lastSide(input.width), 120)),
        fc2_(appendLinear(layout_, "fc2", 120, 84)),
        fc3_(appendLinear(layout_, "fc3", 84, input.classes)) {}

 protected:
  at::Tensor apply(const Forward& f, const at::Tensor& x) const override {
    at::Tensor h = maxPool(at::relu(conv1_(f, channelsLast(x))));
    h = maxPool(at::relu(conv2_(f, h)));
    return fc3_(f, at::relu(fc2_(f, at::relu(fc1_(f, h.flatten(1))))));
  }

 private:
  Convolution conv1_, conv2_;
  Linear fc1_, fc2_, fc3_;
};

}  // namespace

std::shared_ptr<const Model> buildLenet(const InputShape& input) {
  if (input.height < kSmallestSide || input.width < kSmallestSide)
    throw std::invalid_argument(
        fmt::format("--model lenet needs images of 28x28 or more, the data has {}x{}; use cnn", input.height, input.width));
  return std::make_shared<Lenet>(input);
}

}  // namespace trainer
