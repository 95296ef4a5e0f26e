// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <stdexcept>

#include "trainer/model/architectures.h"

namespace trainer {
namespace {

class Mlp final : public Model {
 public:
  Mlp(const std::string& name, const std::vector<std::int64_t>& widths, Activation activation, double dropout)
      : Model(name), activation_(activation), dropout_(dropout) {
    for (std::size_t i = 1; i < widths.size(); ++i) layers_.push_back(appendLinear(layout_, fmt::format("fc{}", i), widths[i - 1], widths[i]));
  }

 protected:
  at::Tensor apply(const Forward& f, const at::Tensor& x) const override {
    at::Tensor h = x.flatten(1);
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      if (i > 0) h = f.dropout(activation_(h), dropout_, fmt::format("drop{}", i));
      h = layers_[i](f, h);
    }
    return h;
  }

 private:
  Activation activation_;
  double dropout_;
  std::vector<Linear> layers_;
};

}  // namespace

std::shared_ptr<const Model> buildMlp(const std::string& name, const MlpName& parsed, Activation activation, const InputShape& input, double dropout) {
  const std::vector<std::int64_t>& widths = parsed.widths;
  if (widths.front() != input.features())
    throw std::invalid_argument(
        fmt::format("--model {}: the first width is {}, but the data has {} numbers an item", name, widths.front(), input.features()));
  if (widths.back() != input.classes)
    throw std::invalid_argument(fmt::format("--model {}: the last width is {}, but the data has {} classes", name, widths.back(), input.classes));
  return std::make_shared<Mlp>(name, widths, activation, dropout);
}

}  // namespace trainer
