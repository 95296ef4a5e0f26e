// SPDX-License-Identifier: GPL-3.0-or-later
// Names and order of operations as in timm's VisionTransformer.
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "trainer/model/architectures.h"
#include "trainer/model/attention.h"
#include "trainer/model/transformer_layers.h"

namespace trainer {
namespace {

constexpr double kEps = 1e-6;

struct Block {
  Block(ParameterLayout& layout, const std::string& prefix, const VitName& s)
      : name(prefix),
        norm1(appendLayerNorm(layout, prefix + ".norm1", s.width, kEps)),
        attention{.qkv = appendLinear(layout, prefix + ".attn.qkv", s.width, 3 * s.width),
                  .projection = appendLinear(layout, prefix + ".attn.proj", s.width, s.width),
                  .heads = s.heads},
        norm2(appendLayerNorm(layout, prefix + ".norm2", s.width, kEps)),
        fc1(appendLinear(layout, prefix + ".mlp.fc1", s.width, 4 * s.width)),
        fc2(appendLinear(layout, prefix + ".mlp.fc2", 4 * s.width, s.width)) {}

  at::Tensor operator()(const Forward& f, const at::Tensor& x, double dropout) const {
    const at::Tensor h = x + f.dropout(attention(f, norm1(f, x), dropout), dropout, name + ".attn.proj_drop");
    const at::Tensor inner = f.dropout(trainer::gelu(fc1(f, norm2(f, h))), dropout, name + ".mlp.drop1");
    return h + f.dropout(fc2(f, inner), dropout, name + ".mlp.drop2");
  }

  std::string name;
  LayerNorm norm1;
  Attention attention;
  LayerNorm norm2;
  Linear fc1, fc2;
};

class Vit final : public Model {
 public:
  Vit(const std::string& name, const VitName& s, const InputShape& input, double dropout) : Model(name), dropout_(dropout) {
    const std::int64_t patches = (input.height / s.patch) * (input.width / s.patch);
    classToken_ = layout_.append("cls_token", {1, 1, s.width}, ParameterKind::embedding, startNormal(0.02));
    places_ = layout_.append("pos_embed", {1, patches + 1, s.width}, ParameterKind::embedding, startNormal(0.02));
    patchEmbedding_ = appendConvolution(layout_, "patch_embed.proj", {.inputs = input.channels, .outputs = s.width, .kernel = s.patch,
                                                                      .stride = s.patch, .padding = 0, .bias = true});
    for (std::int64_t i = 0; i < s.depth; ++i) blocks_.emplace_back(layout_, fmt::format("blocks.{}", i), s);
    norm_ = appendLayerNorm(layout_, "norm", s.width, kEps);
    head_ = appendLinear(layout_, "head", s.width, input.classes);
  }

 protected:
  at::Tensor apply(const Forward& f, const at::Tensor& x) const override {
    const at::Tensor patches = patchEmbedding_(f, x).flatten(2).transpose(1, 2);
    at::Tensor h = at::cat({f.parameter(classToken_).expand({x.size(0), -1, -1}), patches}, 1);
    h = f.dropout(h + f.parameter(places_), dropout_, "pos_drop");
    for (const Block& block : blocks_) h = block(f, h, dropout_);
    return head_(f, norm_(f, h.select(1, 0)));
  }

 private:
  double dropout_;
  std::size_t classToken_ = 0, places_ = 0;
  Convolution patchEmbedding_;
  std::vector<Block> blocks_;
  LayerNorm norm_;
  Linear head_;
};

/// 4x4 from 16x16 on, 2x2 below.
std::int64_t defaultPatch(const InputShape& input) { return std::min(input.height, input.width) >= 16 ? 4 : 2; }

}  // namespace

std::shared_ptr<const Model> buildVit(const std::string& name, const VitName& parsed, const InputShape& input, double dropout) {
  VitName s = parsed;
  if (s.patch == 0) s.patch = defaultPatch(input);
  if (input.height % s.patch != 0 || input.width % s.patch != 0)
    throw std::invalid_argument(fmt::format("--model {}: patches of {}x{} do not divide the data's {}x{}; name another PATCH in vit:DEPTH-WIDTH-HEADS-PATCH",
                                            name, s.patch, s.patch, input.height, input.width));
  return std::make_shared<Vit>(name, s, input, dropout);
}

}  // namespace trainer
