// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <stdexcept>
#include <variant>

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

struct Builder {
  const std::string& name;
  Activation activation;
  const InputShape& input;
  double dropout;

  std::shared_ptr<const Model> operator()(const MlpName& n) const { return buildMlp(name, n, activation, input, dropout); }
  std::shared_ptr<const Model> operator()(const CnnName&) const { return buildCnn(activation, input); }
  std::shared_ptr<const Model> operator()(const LenetName&) const { return buildLenet(input); }
  std::shared_ptr<const Model> operator()(const ResnetName& n) const { return buildResnet(name, n, activation, input); }
  std::shared_ptr<const Model> operator()(const Resnet18Name& n) const { return buildResnet18(name, n, activation, input); }
  std::shared_ptr<const Model> operator()(const VggName& n) const { return buildVgg(name, n, activation, input, dropout); }
  std::shared_ptr<const Model> operator()(const WrnName& n) const { return buildWrn(name, n, activation, input, dropout); }
  std::shared_ptr<const Model> operator()(const VitName& n) const { return buildVit(name, n, input, dropout); }
  std::shared_ptr<const Model> operator()(const GptName& n) const { return buildGpt(name, n, input, dropout); }
};

template <class... Kinds>
bool isOneOf(const ModelName& name) {
  return (std::holds_alternative<Kinds>(name) || ...);
}

void requireFitting(const std::string& name, const ModelName& parsed, const InputShape& input, double dropout) {
  if (!(dropout >= 0 && dropout < 1)) throw std::invalid_argument(fmt::format("--dropout must be 0 <= p < 1, got {}", dropout));
  if (dropout > 0 && isOneOf<CnnName, LenetName, ResnetName, Resnet18Name>(parsed))
    throw std::invalid_argument(fmt::format("--dropout is for mlp, vgg, wrn, vit and gpt; {} has none", name));
  if (input.tokens && !isOneOf<GptName>(parsed))
    throw std::invalid_argument(fmt::format("--model {} takes images or numbers, but the data is text: use gpt", name));
  if (!input.tokens && isOneOf<GptName>(parsed))
    throw std::invalid_argument(fmt::format("--model {} takes text, but the data is images or numbers: use mlp, cnn or another", name));
}

}  // namespace

std::shared_ptr<const Model> buildModel(const std::string& name, const std::string& activation, const InputShape& input, double dropout) {
  const ModelName parsed = parseModelName(name);
  requireFitting(name, parsed, input, dropout);
  return std::visit(Builder{name, activationOf(activation), input, dropout}, parsed);
}

}  // namespace trainer
