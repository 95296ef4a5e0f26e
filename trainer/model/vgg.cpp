// SPDX-License-Identifier: GPL-3.0-or-later
// Names as in torchvision: features.N counts convolutions, norms, ReLUs and pools; one classifier.
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "trainer/model/architectures.h"
#include "trainer/model/channels_last.h"

namespace trainer {
namespace {

constexpr std::int64_t kSmallestSide = 32;

/// Convolutions in stage 0..4, as in the paper's table 1: columns A, B, D, E.
std::int64_t convolutionsIn(std::int64_t depth, int stage) {
  if (stage < 2) return depth == 11 ? 1 : 2;
  return depth == 19 ? 4 : depth == 16 ? 3 : 2;
}

class Vgg final : public Model {
 public:
  Vgg(const std::string& name, const VggName& parsed, Activation activation, const InputShape& input, double dropout)
      : Model(name), activation_(activation), dropout_(dropout) {
    std::int64_t channels = input.channels, place = 0;
    for (int stage = 0; stage < 5; ++stage) {
      const std::int64_t wider = std::min<std::int64_t>(std::int64_t{64} << stage, 512);
      stages_.emplace_back();
      for (std::int64_t i = 0; i < convolutionsIn(parsed.depth, stage); ++i) {
        stages_.back().push_back(append(place, channels, wider, parsed.norm));
        place += parsed.norm ? 3 : 2;
        channels = wider;
      }
      ++place;
    }
    classifier_ = appendLinear(layout_, "classifier", channels, input.classes, true, startNormal(0.01), startAt(0));
  }

 protected:
  at::Tensor apply(const Forward& f, const at::Tensor& x) const override {
    at::Tensor h = x;
    for (const std::vector<Convolution>& stage : stages_) {
      for (const Convolution& convolution : stage) h = activation_(convolution(f, h));
      h = maxPool(h);
    }
    return classifier_(f, f.dropout(h.mean({2, 3}), dropout_, "dropout"));
  }

 private:
  Convolution append(std::int64_t place, std::int64_t inputs, std::int64_t outputs, bool norm) {
    const ConvShape shape{.inputs = inputs, .outputs = outputs, .bias = true,
                          .weightStart = startNormal(std::sqrt(2.0 / (9.0 * static_cast<double>(outputs)))), .biasStart = startAt(0)};
    return appendConvolution({layout_, bufferLayout_}, fmt::format("features.{}", place), shape, norm ? fmt::format("features.{}", place + 1) : "");
  }

  Activation activation_;
  double dropout_;
  std::vector<std::vector<Convolution>> stages_;
  Linear classifier_;
};

}  // namespace

std::shared_ptr<const Model> buildVgg(const std::string& name, const VggName& parsed, Activation activation, const InputShape& input, double dropout) {
  if (input.height < kSmallestSide || input.width < kSmallestSide)
    throw std::invalid_argument(fmt::format("--model {} halves images five times and needs 32x32 or more, the data has {}x{}; use cnn or resnet20", name,
                                            input.height, input.width));
  return std::make_shared<Vgg>(name, parsed, activation, input, dropout);
}

}  // namespace trainer
