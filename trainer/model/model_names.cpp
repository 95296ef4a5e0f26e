// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/model_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace trainer {
namespace {

constexpr std::int64_t kLargest = 1'000'000;
constexpr std::int64_t kDeepest = 1202;  // He et al. 2016, section 4.2

/// Whole numbers from 1 on between dashes; empty where anything else stands there.
std::vector<std::int64_t> numbersIn(std::string_view text) {
  std::vector<std::int64_t> numbers;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (;;) {
    std::int64_t number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error != std::errc() || number < 1 || number > kLargest || (next != end && *next != '-')) return {};
    numbers.push_back(number);
    if (next == end) return numbers;
    at = next + 1;
  }
}

bool takeSuffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

MlpName parseMlp(const std::string& model) {
  MlpName name{numbersIn(std::string_view(model).substr(4))};
  if (name.widths.size() < 2)
    throw std::invalid_argument(fmt::format("--model mlp needs two or more widths from 1 to {}, like mlp:64-32-10, got '{}'", kLargest, model));
  return name;
}

ResnetName parseResnet(const std::string& model) {
  std::string_view rest = model;
  ResnetName name;
  name.shortcuts = !takeSuffix(rest, "-noshort");
  name.norm = !takeSuffix(rest, "-nobn");
  const std::vector<std::int64_t> depth = numbersIn(rest.substr(6));
  if (depth.size() != 1 || depth[0] < 8 || depth[0] > kDeepest || depth[0] % 6 != 2)
    throw std::invalid_argument(fmt::format(
        "--model resnet needs a depth 6n+2 up to {}, like resnet20, 32, 56 or 110, then -nobn and -noshort where wanted (or is resnet18 or resnet34 as they are), got '{}'", kDeepest, model));
  name.depth = depth[0];
  return name;
}

VggName parseVgg(const std::string& model) {
  static constexpr std::array<std::int64_t, 4> kDepths = {11, 13, 16, 19};
  std::string_view rest = model;
  VggName name;
  name.norm = takeSuffix(rest, "_bn");
  const std::vector<std::int64_t> depth = numbersIn(rest.substr(3));
  if (depth.size() != 1 || std::find(kDepths.begin(), kDepths.end(), depth[0]) == kDepths.end())
    throw std::invalid_argument(fmt::format("--model vgg is vgg11, vgg13, vgg16 or vgg19, with _bn for batch norm (vgg16_bn), got '{}'", model));
  name.depth = depth[0];
  return name;
}

WrnName parseWrn(const std::string& model) {
  const std::vector<std::int64_t> parts = numbersIn(std::string_view(model).substr(4));
  if (parts.size() != 2 || parts[0] < 10 || parts[0] > kDeepest || parts[0] % 6 != 4 || parts[1] > 64)
    throw std::invalid_argument(fmt::format("--model wrn-D-K needs a depth D = 6n+4 and a factor K from 1 to 64, like wrn-16-4 or wrn-28-10, got '{}'", model));
  return {.depth = parts[0], .factor = parts[1]};
}

/// The numbers behind "vit:" or "gpt:": `count` of them, the first the depth, the second (the width) a multiple of the third (the heads).
std::vector<std::int64_t> transformerNumbers(const std::string& model, std::size_t count, const char* form) {
  const std::vector<std::int64_t> n = numbersIn(std::string_view(model).substr(4));
  if (n.size() != count || n[0] > kDeepest || n[1] % n[2] != 0)
    throw std::invalid_argument(fmt::format("--model {} needs {}, whole numbers with WIDTH a multiple of HEADS, got '{}'", model.substr(0, 3), form, model));
  return n;
}

VitName parseVit(const std::string& model) {
  const std::vector<std::int64_t> n = transformerNumbers(model, 4, "vit:DEPTH-WIDTH-HEADS-PATCH (like vit:6-64-4-4)");
  return {.depth = n[0], .width = n[1], .heads = n[2], .patch = n[3]};
}

GptName parseGpt(const std::string& model) {
  const std::vector<std::int64_t> n = transformerNumbers(model, 3, "gpt:LAYERS-WIDTH-HEADS (like gpt:4-64-4)");
  return {.layers = n[0], .width = n[1], .heads = n[2]};
}

}  // namespace

ModelName parseModelName(const std::string& model) {
  if (model.starts_with("mlp:")) return parseMlp(model);
  if (model == "cnn") return CnnName{};
  if (model == "lenet") return LenetName{};
  if (model == "resnet18") return Resnet18Name{};
  if (model == "resnet34") return Resnet18Name{{3, 4, 6, 3}};
  if (model.starts_with("resnet")) return parseResnet(model);
  if (model.starts_with("vgg")) return parseVgg(model);
  if (model.starts_with("wrn-")) return parseWrn(model);
  if (model == "vit") return VitName{};
  if (model.starts_with("vit:")) return parseVit(model);
  if (model == "gpt") return GptName{};
  if (model.starts_with("gpt:")) return parseGpt(model);
  throw std::invalid_argument(
      fmt::format("unknown --model '{}'; this version has: mlp:WIDTHS (like mlp:64-32-10), cnn, lenet, resnet20, 32, 56, 110 (also -nobn, -noshort), resnet18, 34, "
                  "vgg11, 13, 16, 19 (also _bn), wrn-16-4, wrn-28-10, vit, gpt",
                  model.substr(0, 60)));
}

void requireKnownModel(const std::string& model) {
  if (!model.empty()) parseModelName(model);
}

}  // namespace trainer
