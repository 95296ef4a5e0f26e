// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/invariance/symmetries.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <stdexcept>

#include "trainer/model/model_names.h"

namespace analysis {
namespace {

using trainer::ParameterLayout;

std::optional<std::size_t> find(const ParameterLayout& layout, const std::string& name) {
  const auto& slices = layout.slices();
  const auto found = std::ranges::find(slices, name, &trainer::ParameterSlice::name);
  if (found == slices.end()) return std::nullopt;
  return static_cast<std::size_t>(found - slices.begin());
}

/// Collects what the visitors below find.
class Collector {
 public:
  Collector(const trainer::Model& model, bool relu) : theta_(model.layout()), buffers_(model.bufferLayout()), relu_(relu) {}

  void operator()(const trainer::MlpName& m) { chain("fc", static_cast<std::int64_t>(m.widths.size()) - 1); }
  void operator()(const trainer::CnnName&) { chain({"conv1", "conv2", "fc"}); }
  void operator()(const trainer::LenetName&) {
    relu_ = true;
    chain({"conv1", "conv2", "fc1", "fc2", "fc3"});
  }
  void operator()(const trainer::ResnetName&) {
    for (const std::string& block : blocks("conv2.weight")) {
      if (block.empty()) continue;
      junction(block + "conv1", block + "bn1", block + "conv2");
      normed(block + "conv1", block + "bn1"), normed(block + "conv2", block + "bn2");
    }
    normed("conv1", "bn1");
  }
  void operator()(const trainer::Resnet18Name&) {
    (*this)(trainer::ResnetName{});
    for (const std::string& block : blocks("downsample.0.weight")) normed(block + "downsample.0", block + "downsample.1");
  }
  void operator()(const trainer::VggName& v) {
    std::vector<std::string> layers;
    for (const auto& slice : theta_.slices())
      if (slice.shape.size() == 4) layers.push_back(slice.name.substr(0, slice.name.size() - 7));
    layers.push_back("classifier");
    for (std::size_t i = 0; i + 1 < layers.size(); ++i) {
      const std::string norm = v.norm ? fmt::format("features.{}", std::stoi(layers[i].substr(9)) + 1) : "";
      junction(layers[i], norm, layers[i + 1]);
      if (v.norm) normed(layers[i], norm);
    }
  }
  void operator()(const trainer::WrnName&) {
    for (const std::string& block : blocks("conv2.weight")) {
      junction(block + "conv1", block + "bn2", block + "conv2");
      normed(block + "conv1", block + "bn2");
    }
  }
  void operator()(const trainer::VitName& v) {
    relu_ = false;
    for (const std::string& block : blocks("attn.qkv.weight")) {
      heads(block + "attn.qkv", block + "attn.proj", v.heads, v.width);
      junction(block + "mlp.fc1", "", block + "mlp.fc2");
    }
  }
  void operator()(const trainer::GptName& g) {
    relu_ = false;
    for (const std::string& block : blocks("attn.c_attn.weight")) {
      heads(block + "attn.c_attn", block + "attn.c_proj", g.heads, g.width);
      junction(block + "mlp.c_fc", "", block + "mlp.c_proj");
    }
  }

  Symmetries finish() {
    for (const auto& slice : theta_.slices() | std::views::reverse) {
      if (slice.kind != trainer::ParameterKind::weight || slice.shape.size() != 2) continue;
      found_.lastName = slice.name.substr(0, slice.name.size() - 7);
      found_.lastWeight = *find(theta_, slice.name);
      found_.lastBias = find(theta_, found_.lastName + ".bias");
      break;
    }
    return std::move(found_);
  }

 private:
  void chain(const std::vector<std::string>& layers) {
    for (std::size_t i = 0; i + 1 < layers.size(); ++i) junction(layers[i], "", layers[i + 1]);
  }
  void chain(const std::string& prefix, std::int64_t count) {
    std::vector<std::string> layers;
    for (std::int64_t i = 1; i <= count; ++i) layers.push_back(fmt::format("{}{}", prefix, i));
    chain(layers);
  }
  /// What stands before `ending` in the names that have it: "layer1.0." ...
  std::vector<std::string> blocks(const std::string& ending) const {
    std::vector<std::string> prefixes;
    for (const auto& slice : theta_.slices())
      if (slice.name.ends_with(ending)) prefixes.push_back(slice.name.substr(0, slice.name.size() - ending.size()));
    return prefixes;
  }
  std::size_t need(const std::string& name) const {
    const auto found = find(theta_, name);
    if (!found) throw std::invalid_argument(fmt::format("the network has no '{}': it is none whose symmetries are known", name));
    return *found;
  }
  void junction(const std::string& from, const std::string& norm, const std::string& to) {
    Junction j{.name = from + " -> " + to, .weight = need(from + ".weight"), .consumer = need(to + ".weight"), .bias = find(theta_, from + ".bias"),
               .gamma = {}, .beta = {}, .mean = {}, .variance = {}, .homogeneous = relu_};
    j.units = theta_.slices()[j.weight].shape[0];
    if (!norm.empty()) {
      j.gamma = find(theta_, norm + ".weight"), j.beta = find(theta_, norm + ".bias");
      j.mean = find(buffers_, norm + ".running_mean"), j.variance = find(buffers_, norm + ".running_var");
    }
    found_.junctions.push_back(std::move(j));
  }
  void normed(const std::string& convolution, const std::string& norm) {
    const auto mean = find(buffers_, norm + ".running_mean"), variance = find(buffers_, norm + ".running_var");
    if (mean && variance) found_.normed.push_back({convolution, need(convolution + ".weight"), find(theta_, convolution + ".bias"), *mean, *variance});
  }
  void heads(const std::string& qkv, const std::string& projection, std::int64_t heads, std::int64_t width) {
    found_.attention.push_back({qkv, need(qkv + ".weight"), need(qkv + ".bias"), need(projection + ".weight"), heads, width});
  }

  const ParameterLayout& theta_;
  const ParameterLayout& buffers_;
  bool relu_;
  Symmetries found_;
};

}  // namespace

Symmetries symmetriesOf(const trainer::Model& model, const std::string& activation) {
  Collector collector(model, activation == "relu");
  std::visit(collector, trainer::parseModelName(model.name()));
  return collector.finish();
}

}  // namespace analysis
