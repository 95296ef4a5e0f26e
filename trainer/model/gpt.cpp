// SPDX-License-Identifier: GPL-3.0-or-later
// Names and order of operations as in https://github.com/karpathy/nanoGPT, with biases, and with lm_head a parameter of its own.
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "trainer/model/architectures.h"
#include "trainer/model/attention.h"
#include "trainer/model/transformer_layers.h"

namespace trainer {
namespace {

constexpr double kDeviation = 0.02;
constexpr double kEps = 1e-5;

Linear appendSmall(ParameterLayout& layout, const std::string& name, std::int64_t inputs, std::int64_t outputs, double deviation = kDeviation) {
  return appendLinear(layout, name, inputs, outputs, true, startNormal(deviation), startAt(0));
}

struct Block {
  Block(ParameterLayout& layout, const std::string& prefix, const GptName& s)
      : name(prefix),
        norm1(appendLayerNorm(layout, prefix + ".ln_1", s.width, kEps)),
        attention{.qkv = appendSmall(layout, prefix + ".attn.c_attn", s.width, 3 * s.width),
                  .projection = appendSmall(layout, prefix + ".attn.c_proj", s.width, s.width, residualDeviation(s)),
                  .heads = s.heads,
                  .causal = true,
                  .weightDropout = prefix + ".attn.attn_dropout"},
        norm2(appendLayerNorm(layout, prefix + ".ln_2", s.width, kEps)),
        fc(appendSmall(layout, prefix + ".mlp.c_fc", s.width, 4 * s.width)),
        projection(appendSmall(layout, prefix + ".mlp.c_proj", 4 * s.width, s.width, residualDeviation(s))) {}

  static double residualDeviation(const GptName& s) { return kDeviation / std::sqrt(2.0 * static_cast<double>(s.layers)); }

  at::Tensor operator()(const Forward& f, const at::Tensor& x, double dropout) const {
    const at::Tensor h = x + f.dropout(attention(f, norm1(f, x), dropout), dropout, name + ".attn.resid_dropout");
    return h + f.dropout(projection(f, trainer::gelu(fc(f, norm2(f, h)))), dropout, name + ".mlp.dropout");
  }

  std::string name;
  LayerNorm norm1;
  Attention attention;
  LayerNorm norm2;
  Linear fc, projection;
};

class Gpt final : public Model {
 public:
  Gpt(const std::string& name, const GptName& s, const InputShape& input, double dropout) : Model(name), longest_(input.width), dropout_(dropout) {
    words_ = layout_.append("transformer.wte.weight", {input.classes, s.width}, ParameterKind::embedding, startNormal(kDeviation));
    places_ = layout_.append("transformer.wpe.weight", {input.width, s.width}, ParameterKind::embedding, startNormal(kDeviation));
    for (std::int64_t i = 0; i < s.layers; ++i) blocks_.emplace_back(layout_, fmt::format("transformer.h.{}", i), s);
    norm_ = appendLayerNorm(layout_, "transformer.ln_f", s.width, kEps);
    head_ = appendLinear(layout_, "lm_head", s.width, input.classes, false, startNormal(kDeviation));
  }

 protected:
  at::Tensor apply(const Forward& f, const at::Tensor& x) const override {
    const at::Tensor tokens = x.flatten(1);
    if (tokens.size(1) > longest_)
      throw std::invalid_argument(fmt::format("{} was made for {} tokens, got {}", name(), longest_, tokens.size(1)));
    at::Tensor h = at::embedding(f.parameter(words_), tokens) + f.parameter(places_).narrow(0, 0, tokens.size(1));
    h = f.dropout(h, dropout_, "transformer.drop");
    for (const Block& block : blocks_) h = block(f, h, dropout_);
    return head_(f, norm_(f, h));
  }

 private:
  std::int64_t longest_;
  double dropout_;
  std::size_t words_ = 0, places_ = 0;
  std::vector<Block> blocks_;
  LayerNorm norm_;
  Linear head_;
};

}  // namespace

std::shared_ptr<const Model> buildGpt(const std::string& name, const GptName& parsed, const InputShape& input, double dropout) {
  return std::make_shared<Gpt>(name, parsed, input, dropout);
}

}  // namespace trainer
