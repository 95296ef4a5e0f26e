// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include "trainer/model/architectures.h"

namespace trainer {
namespace {

class Mlp final : public Model {
 public:
  Mlp(const std::string& name, const std::vector<std::int64_t>& widths, Activation activation) : Model(name), activation_(activation) {
    for (std::size_t i = 1; i < widths.size(); ++i) appendLayer(layout_, fmt::format("fc{}", i), {widths[i], widths[i - 1]});
  }

 protected:
  at::Tensor apply(const std::vector<at::Tensor>& p, const at::Tensor& x) const override {
    at::Tensor h = x.flatten(1);
    for (std::size_t i = 0; i < p.size(); i += 2) {
      if (i > 0) h = activation_(h);
      h = at::linear(h, p[i], p[i + 1]);
    }
    return h;
  }

 private:
  Activation activation_;
};

}  // namespace

std::shared_ptr<const Model> buildMlp(const std::string& name, const std::vector<std::int64_t>& widths, Activation activation) {
  return std::make_shared<Mlp>(name, widths, activation);
}

}  // namespace trainer
