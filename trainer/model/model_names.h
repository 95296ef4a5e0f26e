// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// What a model's name says, not yet against the data. Std types only.
namespace trainer {

struct MlpName {
  std::vector<std::int64_t> widths;  ///< "mlp:64-32-10"
};
struct CnnName {};
struct LenetName {};
/// "resnet20", "resnet56-noshort", "resnet20-nobn-noshort": depth 6n+2.
struct ResnetName {
  std::int64_t depth = 20;
  bool norm = true, shortcuts = true;
};
/// "resnet18", "resnet34": basic blocks in four stages of 64, 128, 256 and 512 channels.
struct Resnet18Name {
  std::array<std::int64_t, 4> blocks = {2, 2, 2, 2};  ///< a stage
};
/// "vgg11", 13, 16, 19; "vgg16_bn" ...
struct VggName {
  std::int64_t depth = 16;
  bool norm = false;
};
/// "wrn-16-4": depth 6n+4 and widening factor.
struct WrnName {
  std::int64_t depth = 16, factor = 4;
};
/// "vit" or "vit:DEPTH-WIDTH-HEADS-PATCH"; patch 0: by the size of the images.
struct VitName {
  std::int64_t depth = 6, width = 64, heads = 4, patch = 0;
};
/// "gpt" or "gpt:LAYERS-WIDTH-HEADS".
struct GptName {
  std::int64_t layers = 4, width = 64, heads = 4;
};
using ModelName = std::variant<MlpName, CnnName, LenetName, ResnetName, Resnet18Name, VggName, WrnName, VitName, GptName>;

/// @throws std::invalid_argument naming what there is.
ModelName parseModelName(const std::string& model);

/// Checks a model's name, not yet against the data: "" (chosen by the data) and what parseModelName() knows.
/// @throws std::invalid_argument naming what there is.
void requireKnownModel(const std::string& model);

}  // namespace trainer
