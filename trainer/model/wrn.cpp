// SPDX-License-Identifier: GPL-3.0-or-later
// Names as in https://github.com/xternalz/WideResNet-pytorch.
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "trainer/model/architectures.h"
#include "trainer/model/channels_last.h"

namespace trainer {
namespace {

constexpr std::int64_t kSmallestSide = 8;  // the last maps are 2x2: a batch of one image still has a variance

Convolution appendConv(const Layouts& layouts, const std::string& name, ConvShape shape, const std::string& norm = "") {
  shape.weightStart = startNormal(std::sqrt(2.0 / static_cast<double>(shape.kernel * shape.kernel * shape.outputs)));
  return appendConvolution(layouts, name, shape, norm);
}

/// norm and activation, convolution with a norm, activation, dropout, convolution; a 1x1 convolution as shortcut where the shape changes, behind
/// the first activation.
struct Block {
  Block(const Layouts& layouts, const std::string& prefix, std::int64_t inputs, std::int64_t outputs, std::int64_t stride)
      : name(prefix),
        norm(appendBatchNorm(layouts, prefix + ".bn1", inputs)),
        conv1(appendConv(layouts, prefix + ".conv1", {.inputs = inputs, .outputs = outputs, .stride = stride}, prefix + ".bn2")),
        conv2(appendConv(layouts, prefix + ".conv2", {.inputs = outputs, .outputs = outputs})) {
    if (inputs != outputs)
      shortcut = appendConv(layouts, prefix + ".convShortcut", {.inputs = inputs, .outputs = outputs, .kernel = 1, .stride = stride, .padding = 0});
  }

  at::Tensor operator()(const Forward& f, const at::Tensor& x, Activation activation, double dropout) const {
    const at::Tensor normed = activation(norm(f, x));
    const at::Tensor inner = f.dropout(activation(conv1(f, normed)), dropout, name + ".dropout");
    return (shortcut ? (*shortcut)(f, normed) : x) + conv2(f, inner);
  }

  std::string name;
  BatchNorm2d norm;
  Convolution conv1, conv2;
  std::optional<Convolution> shortcut;
};

class Wrn final : public Model {
 public:
  Wrn(const std::string& name, const WrnName& parsed, Activation activation, const InputShape& input, double dropout)
      : Model(name), activation_(activation), dropout_(dropout) {
    const Layouts layouts{layout_, bufferLayout_};
    conv1_ = appendConv(layouts, "conv1", {.inputs = input.channels, .outputs = 16});
    std::int64_t channels = 16;
    for (std::int64_t stage = 1; stage <= 3; ++stage) {
      const std::int64_t wider = (std::int64_t{8} << stage) * parsed.factor;
      for (std::int64_t i = 0; i < (parsed.depth - 4) / 6; ++i) {
        blocks_.emplace_back(layouts, fmt::format("block{}.layer.{}", stage, i), channels, wider, stage > 1 && i == 0 ? 2 : 1);
        channels = wider;
      }
    }
    norm_ = appendBatchNorm(layouts, "bn1", channels);
    fc_ = appendLinear(layout_, "fc", channels, input.classes, true, {}, startAt(0));
  }

 protected:
  at::Tensor apply(const Forward& f, const at::Tensor& x) const override {
    at::Tensor h = conv1_(f, channelsLast(x));
    for (const Block& block : blocks_) h = block(f, h, activation_, dropout_);
    return fc_(f, activation_(norm_(f, h)).mean({2, 3}));
  }

 private:
  Activation activation_;
  double dropout_;
  Convolution conv1_;
  std::vector<Block> blocks_;
  BatchNorm2d norm_;
  Linear fc_;
};

}  // namespace

std::shared_ptr<const Model> buildWrn(const std::string& name, const WrnName& parsed, Activation activation, const InputShape& input, double dropout) {
  if (input.height < kSmallestSide || input.width < kSmallestSide)
    throw std::invalid_argument(fmt::format("--model {} needs images of 8x8 or more, the data has {}x{}; use mlp", name, input.height, input.width));
  return std::make_shared<Wrn>(name, parsed, activation, input, dropout);
}

}  // namespace trainer
