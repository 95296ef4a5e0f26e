// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/paths/permutations.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <numeric>
#include <optional>
#include <stdexcept>

#include "trainer/model/model_names.h"

namespace analysis {
namespace {

using Positions = std::vector<std::int64_t>;

Positions range(std::int64_t from, std::int64_t count) {
  Positions positions(static_cast<std::size_t>(count));
  std::iota(positions.begin(), positions.end(), from);
  return positions;
}

/// A part of a stream: `positions` of the group's units among `length` channels.
struct Part {
  std::size_t group;
  std::int64_t length;
  Positions positions;
};
using Stream = std::vector<Part>;

/// Collects groups by the names of layers.
class Groups {
 public:
  explicit Groups(const trainer::Model& model) : model_(model) {}
  std::vector<PermutationGroup> take() { return std::move(groups_); }

  std::size_t add(const std::string& name, std::int64_t size) {
    groups_.push_back({name, size, {}});
    return groups_.size() - 1;
  }
  Stream stream(const std::string& name, std::int64_t size) { return {{add(name, size), size, range(0, size)}}; }

  /// Everything of `layer` along its outputs: weight, bias, running statistics.
  void writes(const std::string& layer, const Stream& stream) { alongOutputs(layer, stream); }
  /// The inputs of `layer`'s weight; a flattened image's numbers lie behind one another, channel by channel.
  void reads(const std::string& layer, const Stream& stream) {
    for (const auto& slice : model_.layout().slices())
      if (slice.name == layer + ".weight") put(false, slice, slice.shape[0], stream);
  }
  bool has(const std::string& layer) const { return find(layer + ".weight") != nullptr; }
  std::int64_t outputs(const std::string& layer) const { return find(layer + ".weight")->shape[0]; }

 private:
  const trainer::ParameterSlice* find(const std::string& name) const {
    for (const auto& slice : model_.layout().slices())
      if (slice.name == name) return &slice;
    return nullptr;
  }
  void alongOutputs(const std::string& layer, const Stream& stream) {
    for (const auto& slice : model_.layout().slices())
      if (slice.name == layer + ".weight" || slice.name == layer + ".bias") put(false, slice, 1, stream);
    for (const auto& slice : model_.bufferLayout().slices())
      if (slice.name == layer + ".running_mean" || slice.name == layer + ".running_var") put(true, slice, 1, stream);
  }
  void put(bool buffer, const trainer::ParameterSlice& slice, std::int64_t before, const Stream& stream) {
    for (const Part& part : stream)
      groups_[part.group].axes.push_back({buffer, slice.offset, before, part.length, slice.count() / (before * part.length), part.positions});
  }

  const trainer::Model& model_;
  std::vector<PermutationGroup> groups_;
};

/// Layers in a row; norms are those between two weights.
std::vector<PermutationGroup> sequential(const trainer::Model& model) {
  Groups groups(model);
  std::optional<Stream> before;
  std::string last;
  const auto& slices = model.layout().slices();
  std::size_t weights = 0, seen = 0;
  for (const auto& slice : slices) weights += slice.shape.size() > 1 ? 1 : 0;
  for (const auto& slice : slices) {
    const std::string layer = slice.name.substr(0, slice.name.rfind('.'));
    if (layer == last) continue;
    last = layer;
    if (slice.shape.size() > 1) {
      if (before) groups.reads(layer, *before);
      if (++seen == weights) break;  // the classes keep their places
      before = groups.stream(layer, slice.shape[0]);
    }
    groups.writes(layer, *before);
  }
  return groups.take();
}

/// What the shortcut of option A makes of a stream: its channels in the middle of twice as many, and as many new ones around them.
Stream widened(Groups& groups, const std::string& name, const Stream& stream, std::int64_t from, std::int64_t to) {
  const std::int64_t offset = (to - from) / 2;
  Stream wider;
  for (Part part : stream) {
    part.length = to;
    for (std::int64_t& p : part.positions) p += offset;
    wider.push_back(std::move(part));
  }
  Positions free = range(0, offset);
  for (std::int64_t p = offset + from; p < to; ++p) free.push_back(p);
  wider.push_back({groups.add(name, to - from), to, std::move(free)});
  return wider;
}

std::vector<PermutationGroup> residual(const trainer::Model& model, const trainer::ResnetName& name) {
  Groups groups(model);
  const auto writes = [&](const std::string& conv, const std::string& norm, const Stream& s) {
    groups.writes(conv, s);
    groups.writes(norm, s);
  };
  std::int64_t channels = groups.outputs("conv1");
  Stream stream = groups.stream("conv1", channels);
  writes("conv1", "bn1", stream);
  for (int stage = 1; stage <= 3; ++stage)
    for (std::int64_t i = 0; i < (name.depth - 2) / 6; ++i) {
      const std::string prefix = fmt::format("layer{}.{}.", stage, i);
      groups.reads(prefix + "conv1", stream);
      const std::int64_t wider = groups.outputs(prefix + "conv1");
      const Stream inner = groups.stream(prefix + "conv1", wider);
      writes(prefix + "conv1", prefix + "bn1", inner);
      groups.reads(prefix + "conv2", inner);
      if (wider != channels) stream = widened(groups, prefix + "conv2", stream, channels, wider);
      channels = wider;
      writes(prefix + "conv2", prefix + "bn2", stream);
    }
  groups.reads("fc", stream);
  return groups.take();
}

std::vector<PermutationGroup> wide(const trainer::Model& model, const trainer::WrnName& name) {
  Groups groups(model);
  Stream stream = groups.stream("conv1", groups.outputs("conv1"));
  groups.writes("conv1", stream);
  for (int stage = 1; stage <= 3; ++stage)
    for (std::int64_t i = 0; i < (name.depth - 4) / 6; ++i) {
      const std::string prefix = fmt::format("block{}.layer.{}.", stage, i);
      groups.writes(prefix + "bn1", stream);  // the norm stands before the convolution: its channels are the stream's
      groups.reads(prefix + "conv1", stream);
      const Stream inner = groups.stream(prefix + "conv1", groups.outputs(prefix + "conv1"));
      groups.writes(prefix + "conv1", inner);
      groups.writes(prefix + "bn2", inner);
      groups.reads(prefix + "conv2", inner);
      if (groups.has(prefix + "convShortcut")) {
        groups.reads(prefix + "convShortcut", stream);
        stream = groups.stream(prefix + "conv2", groups.outputs(prefix + "conv2"));
        groups.writes(prefix + "convShortcut", stream);
      }
      groups.writes(prefix + "conv2", stream);
    }
  groups.writes("bn1", stream);
  groups.reads("fc", stream);
  return groups.take();
}

/// A stage's stream begins where a block has a shortcut with weights.
std::vector<PermutationGroup> downsampled(const trainer::Model& model) {
  Groups groups(model);
  const auto writes = [&](const std::string& conv, const std::string& norm, const Stream& s) {
    groups.writes(conv, s);
    groups.writes(norm, s);
  };
  Stream stream = groups.stream("conv1", groups.outputs("conv1"));
  writes("conv1", "bn1", stream);
  for (int stage = 1; stage <= 4; ++stage)
    for (int i = 0; groups.has(fmt::format("layer{}.{}.conv1", stage, i)); ++i) {
      const std::string prefix = fmt::format("layer{}.{}.", stage, i);
      groups.reads(prefix + "conv1", stream);
      const Stream inner = groups.stream(prefix + "conv1", groups.outputs(prefix + "conv1"));
      writes(prefix + "conv1", prefix + "bn1", inner);
      groups.reads(prefix + "conv2", inner);
      if (groups.has(prefix + "downsample.0")) {
        groups.reads(prefix + "downsample.0", stream);
        stream = groups.stream(prefix + "conv2", groups.outputs(prefix + "conv2"));
        writes(prefix + "downsample.0", prefix + "downsample.1", stream);
      }
      writes(prefix + "conv2", prefix + "bn2", stream);
    }
  groups.reads("fc", stream);
  return groups.take();
}

}  // namespace

std::vector<PermutationGroup> permutationGroups(const trainer::Model& model) {
  const trainer::ModelName name = trainer::parseModelName(model.name());
  if (const auto* resnet = std::get_if<trainer::ResnetName>(&name)) return resnet->shortcuts ? residual(model, *resnet) : sequential(model);
  if (std::holds_alternative<trainer::Resnet18Name>(name)) return downsampled(model);
  if (const auto* wrn = std::get_if<trainer::WrnName>(&name)) return wide(model, *wrn);
  if (std::holds_alternative<trainer::VitName>(name) || std::holds_alternative<trainer::GptName>(name))
    throw std::invalid_argument(fmt::format("--match knows the permutations of mlp, cnn, lenet, vgg, resnet and wrn; attention in {} has others", model.name()));
  return sequential(model);
}

Permutations identityPermutations(const std::vector<PermutationGroup>& groups) {
  Permutations identity;
  for (const PermutationGroup& g : groups) identity.push_back(range(0, g.size));
  return identity;
}

void permute(const PermutationGroup& group, const std::vector<std::int64_t>& permutation, const PermutedWeights& weights) {
  for (const PermutedAxis& axis : group.axes) {
    const at::Tensor& flat = axis.buffer ? weights.buffers : weights.theta;
    if (!flat.defined()) continue;
    const at::Tensor tensor = flat.narrow(0, axis.offset, axis.before * axis.length * axis.after).view({axis.before, axis.length, axis.after});
    Positions from;
    for (const std::int64_t unit : permutation) from.push_back(axis.positions[static_cast<std::size_t>(unit)]);
    const at::Tensor taken = tensor.index_select(1, at::tensor(from, at::TensorOptions(at::kLong).device(flat.device())));
    tensor.index_copy_(1, at::tensor(axis.positions, at::TensorOptions(at::kLong).device(flat.device())), taken);
  }
}

PermutedWeights permuted(const std::vector<PermutationGroup>& groups, const Permutations& permutations, const PermutedWeights& weights) {
  PermutedWeights out{weights.theta.clone(), weights.buffers.defined() ? weights.buffers.clone() : at::Tensor()};
  for (std::size_t g = 0; g < groups.size(); ++g) permute(groups[g], permutations[g], out);
  return out;
}

at::Tensor unitRows(const PermutedAxis& axis, const at::Tensor& flat) {
  const at::Tensor tensor = flat.narrow(0, axis.offset, axis.before * axis.length * axis.after).view({axis.before, axis.length, axis.after});
  return tensor.index_select(1, at::tensor(axis.positions, at::TensorOptions(at::kLong).device(flat.device()))).transpose(0, 1).flatten(1);
}

}  // namespace analysis
