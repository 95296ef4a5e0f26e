// SPDX-License-Identifier: GPL-3.0-or-later
// What a model computes, in double, as a safetensors file for compare_models_with_pytorch.py:
//   model_probe MODEL images|tokens CHANNELS HEIGHT WIDTH CLASSES evaluate|train DROPOUT OUT
// Holds start/, theta/, direction/, gradient/, product/ (of the Hessian and direction) and buffers/, updated/ with a tensor a name; x, labels, logits, loss.
#include <ATen/ATen.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>

#include <cstdio>
#include <exception>
#include <span>
#include <string>
#include <vector>

#include "trainer/base/random.h"
#include "trainer/model/model.h"
#include "trainer/model/safetensors.h"

namespace {

using namespace trainer;

constexpr std::int64_t kItems = 4;
constexpr std::uint64_t kSeed = 5, kDropoutSeed = 7;

at::Tensor normals(std::int64_t count, const char* name) {
  at::Tensor values = at::empty({count}, at::kDouble);
  fillNormal(std::span(values.data_ptr<double>(), static_cast<std::size_t>(count)), deriveSeed(kSeed, name));
  return values;
}

void add(NamedTensors& out, const std::string& prefix, const ParameterLayout& layout, const at::Tensor& flat) {
  for (const ParameterSlice& s : layout.slices())
    out.tensors.emplace_back(prefix + s.name, flat.detach().narrow(0, s.offset, s.count()).view(s.shape).contiguous());
}

void probe(const std::vector<std::string>& words) {
  const InputShape shape{.channels = std::stoll(words[2]), .height = std::stoll(words[3]), .width = std::stoll(words[4]), .classes = std::stoll(words[5]),
                         .tokens = words[1] == "tokens"};
  const auto model = buildModel(words[0], "relu", shape, std::stod(words[7]));
  const at::Tensor start = initialise(model->layout(), kSeed, at::kDouble);
  // Away from the start, where norms are ones and biases zeros; and statistics that are not the initial ones.
  const at::Tensor theta = (start + 0.02 * normals(start.numel(), "theta")).requires_grad_();
  const at::Tensor buffers = model->initialBuffers(at::kDouble) + 0.1 * normals(model->bufferLayout().size(), "buffers").tanh();
  const at::Tensor direction = normals(start.numel(), "direction");
  at::Tensor x = normals(kItems * shape.features(), "x").view({kItems, shape.channels, shape.height, shape.width});
  if (shape.tokens) x = (x.abs() * 10).to(at::kLong).remainder(shape.classes);
  at::Tensor labels = at::arange(shape.tokens ? x.numel() : kItems, at::kLong).remainder(shape.classes);
  if (shape.tokens) labels = labels.view({kItems, -1});

  at::Tensor updated = buffers;
  const Mode mode = words[6] == "train" ? Mode::train : Mode::evaluate;
  const at::Tensor logits = model->forward(theta, x, {.mode = mode, .buffers = buffers, .dropoutSeed = kDropoutSeed, .updatedBuffers = &updated});
  const at::Tensor loss = crossEntropy(logits, labels);
  const at::Tensor gradient = torch::autograd::grad({loss}, {theta}, {}, std::nullopt, true)[0];
  const at::Tensor product = torch::autograd::grad({gradient.dot(direction)}, {theta})[0];

  NamedTensors out;
  for (const auto& [name, flat] : {std::pair{"start/", start}, {"theta/", theta}, {"direction/", direction}, {"gradient/", gradient}, {"product/", product}})
    add(out, name, model->layout(), flat);
  add(out, "buffers/", model->bufferLayout(), buffers);
  add(out, "updated/", model->bufferLayout(), updated);
  for (const auto& [name, tensor] : {std::pair{"x", x}, {"labels", labels}, {"logits", logits.detach().contiguous()}, {"loss", loss.detach()}})
    out.tensors.emplace_back(name, tensor);
  writeSafetensors(words[8], out);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() != 9) throw std::invalid_argument("MODEL images|tokens CHANNELS HEIGHT WIDTH CLASSES evaluate|train DROPOUT OUT");
    probe(words);
    return 0;
  } catch (const std::exception& e) {
    std::fputs(fmt::format("model_probe: {}\n", e.what()).c_str(), stderr);
    return 1;
  }
}
