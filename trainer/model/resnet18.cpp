// SPDX-License-Identifier: GPL-3.0-or-later
// Names as in torchvision; the form for small images as in https://github.com/kuangliu/pytorch-cifar.
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "trainer/model/architectures.h"

namespace trainer {
namespace {

constexpr std::int64_t kSmallestSide = 16;  // the last maps are 2x2: a batch of one image still has a variance

Convolution appendConv(const Layouts& layouts, const std::string& name, ConvShape shape, const std::string& norm) {
  shape.weightStart = startNormal(std::sqrt(2.0 / static_cast<double>(shape.kernel * shape.kernel * shape.outputs)));
  return appendConvolution(layouts, name, shape, norm);
}

/// Two convolutions with their norms; a 1x1 convolution with a norm as shortcut where the shape changes.
struct Block {
  Block(const Layouts& layouts, const std::string& prefix, std::int64_t inputs, std::int64_t outputs, std::int64_t stride)
      : conv1(appendConv(layouts, prefix + ".conv1", {.inputs = inputs, .outputs = outputs, .stride = stride}, prefix + ".bn1")),
        conv2(appendConv(layouts, prefix + ".conv2", {.inputs = outputs, .outputs = outputs}, prefix + ".bn2")) {
    if (inputs != outputs)
      shortcut = appendConv(layouts, prefix + ".downsample.0", {.inputs = inputs, .outputs = outputs, .kernel = 1, .stride = stride, .padding = 0}, prefix + ".downsample.1");
  }

  at::Tensor operator()(const Forward& f, const at::Tensor& x, Activation activation) const {
    const at::Tensor inner = conv2(f, activation(conv1(f, x)));
    return activation(inner + (shortcut ? (*shortcut)(f, x) : x));
  }

  Convolution conv1, conv2;
  std::optional<Convolution> shortcut;
};

class Resnet18 final : public Model {
 public:
  Resnet18(const std::string& name, const Resnet18Name& parsed, Activation activation, const InputShape& input) : Model(name), activation_(activation) {
    const Layouts layouts{layout_, bufferLayout_};
    conv1_ = appendConv(layouts, "conv1", {.inputs = input.channels, .outputs = 64}, "bn1");
    std::int64_t channels = 64;
    for (std::size_t stage = 0; stage < parsed.blocks.size(); ++stage) {
      const std::int64_t wider = std::int64_t{64} << stage;
      for (std::int64_t i = 0; i < parsed.blocks[stage]; ++i) {
        blocks_.emplace_back(layouts, fmt::format("layer{}.{}", stage + 1, i), channels, wider, stage > 0 && i == 0 ? 2 : 1);
        channels = wider;
      }
    }
    fc_ = appendLinear(layout_, "fc", channels, input.classes);
  }

 protected:
  at::Tensor apply(const Forward& f, const at::Tensor& x) const override {
    at::Tensor h = activation_(conv1_(f, x));
    for (const Block& block : blocks_) h = block(f, h, activation_);
    return fc_(f, h.mean({2, 3}));
  }

 private:
  Activation activation_;
  Convolution conv1_;
  std::vector<Block> blocks_;
  Linear fc_;
};

}  // namespace

std::shared_ptr<const Model> buildResnet18(const std::string& name, const Resnet18Name& parsed, Activation activation, const InputShape& input) {
  if (input.height < kSmallestSide || input.width < kSmallestSide)
    throw std::invalid_argument(fmt::format("--model {} needs images of 16x16 or more, the data has {}x{}; use resnet20 or mlp", name, input.height, input.width));
  return std::make_shared<Resnet18>(name, parsed, activation, input);
}

}  // namespace trainer
