// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <stdexcept>

#include "trainer/model/architectures.h"

namespace trainer {
namespace {

constexpr std::int64_t kSmallestSide = 28;

/// What is left of a side behind both convolutions (the second without padding) and both pools.
std::int64_t lastSide(std::int64_t side) { return (side / 2 - 4) / 2; }

class Lenet final : public Model {
 public:
  explicit Lenet(const InputShape& input) : Model("lenet") {
    appendLayer(layout_, "conv1", {6, input.channels, 5, 5});
    appendLayer(layout_, "conv2", {16, 6, 5, 5});
    appendLayer(layout_, "fc1", {120, 16 * lastSide(input.height) * lastSide(input.width)});
    appendLayer(layout_, "fc2", {84, 120});
    appendLayer(layout_, "fc3", {input.classes, 84});
  }

 protected:
  at::Tensor apply(const std::vector<at::Tensor>& p, const at::Tensor& x) const override {
    at::Tensor h = at::max_pool2d(at::relu(at::conv2d(x, p[0], p[1], 1, 2)), {2, 2});
    h = at::max_pool2d(at::relu(at::conv2d(h, p[2], p[3])), {2, 2});
    h = at::relu(at::linear(h.flatten(1), p[4], p[5]));
    h = at::relu(at::linear(h, p[6], p[7]));
    return at::linear(h, p[8], p[9]);
  }
};

}  // namespace

std::shared_ptr<const Model> buildLenet(const InputShape& input) {
  if (input.height < kSmallestSide || input.width < kSmallestSide)
    throw std::invalid_argument(
        fmt::format("--model lenet needs images of 28x28 or more, the data has {}x{}; use cnn", input.height, input.width));
  return std::make_shared<Lenet>(input);
}

}  // namespace trainer
