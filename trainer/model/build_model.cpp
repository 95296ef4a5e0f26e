// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

#include "trainer/model/architectures.h"

namespace trainer {
namespace {

Activation activationOf(const std::string& name) {
  if (name == "relu") return [](const at::Tensor& x) { return at::relu(x); };
  if (name == "tanh") return [](const at::Tensor& x) { return at::tanh(x); };
  if (name == "gelu") return [](const at::Tensor& x) { return at::gelu(x); };
  if (name == "softplus") return [](const at::Tensor& x) { return at::softplus(x); };
  throw std::invalid_argument(fmt::format("--activation must be relu, tanh, gelu or softplus, got '{}'", name));
}

std::vector<std::int64_t> widthsOf(const std::string& name) {
  std::vector<std::int64_t> widths;
  const char* at = name.data() + 4;
  const char* const end = name.data() + name.size();
  for (;;) {
    std::int64_t width = 0;
    const auto [next, error] = std::from_chars(at, end, width);
    if (error != std::errc() || width < 1 || width > 1'000'000 || (next != end && *next != '-')) break;
    widths.push_back(width);
    if (next == end && widths.size() >= 2) return widths;
    if (next == end) break;
    at = next + 1;
  }
  throw std::invalid_argument(fmt::format("--model mlp needs two or more widths from 1 to 1000000, like mlp:64-32-10, got '{}'", name));
}

}  // namespace

std::shared_ptr<const Model> buildModel(const std::string& name, const std::string& activation, const InputShape& input) {
  if (name == "cnn") return buildCnn(activationOf(activation), input);
  if (name == "lenet") return buildLenet(input);
  if (!name.starts_with("mlp:")) throw std::invalid_argument(fmt::format("--model must be mlp:WIDTHS, cnn or lenet, got '{}'", name));
  const std::vector<std::int64_t> widths = widthsOf(name);
  if (widths.front() != input.features())
    throw std::invalid_argument(
        fmt::format("--model {}: the first width is {}, but the data has {} inputs an image", name, widths.front(), input.features()));
  if (widths.back() != input.classes)
    throw std::invalid_argument(fmt::format("--model {}: the last width is {}, but the data has {} classes", name, widths.back(), input.classes));
  return buildMlp(name, widths, activationOf(activation));
}

}  // namespace trainer
