// SPDX-License-Identifier: GPL-3.0-or-later
// Names and option A as in https://github.com/akamaster/pytorch_resnet_cifar10, but fc for its last layer.
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <stdexcept>

#include "trainer/model/architectures.h"
#include "trainer/model/channels_last.h"

namespace trainer {
namespace {

constexpr std::int64_t kSmallestSide = 8;  // the last maps are 2x2: a batch of one image still has a variance

/// Every `stride`-th pixel, and zeros before and behind the channels that there are.
at::Tensor shortcut(const at::Tensor& x, std::int64_t stride, std::int64_t channels) {
  if (stride == 1 && x.size(1) == channels) return x;
  const std::int64_t missing = channels - x.size(1);
  return at::constant_pad_nd(everyPixel(x, stride), {0, 0, 0, 0, missing / 2, missing - missing / 2});
}

struct Block {
  Convolution conv1, conv2;
  std::int64_t channels = 16;
};

class Resnet final : public Model {
 public:
  Resnet(const std::string& name, const ResnetName& parsed, Activation activation, const InputShape& input)
      : Model(name), activation_(activation), parsed_(parsed), first_(append("conv1", "bn1", input.channels, 16, 1)) {
    std::int64_t channels = 16;
    for (std::int64_t stage = 1; stage <= 3; ++stage) {
      const std::int64_t wider = std::int64_t{8} << stage;
      for (std::int64_t i = 0; i < (parsed.depth - 2) / 6; ++i) {
        const std::string prefix = fmt::format("layer{}.{}.", stage, i);
        const Convolution conv1 = append(prefix + "conv1", prefix + "bn1", channels, wider, stage > 1 && i == 0 ? 2 : 1);
        blocks_.push_back({.conv1 = conv1, .conv2 = append(prefix + "conv2", prefix + "bn2", wider, wider, 1), .channels = wider});
        channels = wider;
      }
    }
    fc_ = appendLinear(layout_, "fc", channels, input.classes);
  }

 protected:
  at::Tensor apply(const Forward& f, const at::Tensor& x) const override {
    at::Tensor h = activation_(first_(f, channelsLast(x)));
    for (const Block& block : blocks_) {
      at::Tensor inner = block.conv2(f, activation_(block.conv1(f, h)));
      if (parsed_.shortcuts) inner = inner + shortcut(h, block.conv1.stride, block.channels);
      h = activation_(inner);
    }
    return fc_(f, h.mean({2, 3}));
  }

 private:
  Convolution append(const std::string& conv, const std::string& norm, std::int64_t inputs, std::int64_t outputs, std::int64_t stride) {
    return appendConvolution({layout_, bufferLayout_}, conv, {.inputs = inputs, .outputs = outputs, .stride = stride, .bias = !parsed_.norm},
                             parsed_.norm ? norm : "");
  }

  Activation activation_;
  ResnetName parsed_;
  Convolution first_;
  std::vector<Block> blocks_;
  Linear fc_;
};

}  // namespace

std::shared_ptr<const Model> buildResnet(const std::string& name, const ResnetName& parsed, Activation activation, const InputShape& input) {
  if (input.height < kSmallestSide || input.width < kSmallestSide)
    throw std::invalid_argument(fmt::format("--model {} needs images of 8x8 or more, the data has {}x{}; use mlp", name, input.height, input.width));
  return std::make_shared<Resnet>(name, parsed, activation, input);
}

}  // namespace trainer
