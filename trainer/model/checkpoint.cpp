// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/checkpoint.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <string_view>
#include <utility>

#include "trainer/base/error.h"
#include "trainer/model/safetensors.h"

namespace trainer {
namespace {

constexpr std::size_t kMostListed = 5;

template <class T>
T numberOf(const std::map<std::string, std::string>& metadata, const std::string& key) {
  T value{};
  const auto it = metadata.find(key);
  if (it != metadata.end()) std::from_chars(it->second.data(), it->second.data() + it->second.size(), value);
  return value;
}

using Tensors = std::map<std::string, at::Tensor>;

bool allStartWith(const Tensors& found, const std::string& prefix) {
  return !found.empty() && std::all_of(found.begin(), found.end(), [&](const auto& entry) { return entry.first.starts_with(prefix); });
}

/// Takes off what wrappers put before every name, one within the other.
Tensors withoutPrefix(Tensors found) {
  static const std::array<std::string, 3> kPrefixes = {"module.", "model.", "_orig_mod."};
  for (;;) {
    const auto* const prefix = std::find_if(kPrefixes.begin(), kPrefixes.end(), [&](const std::string& p) { return allStartWith(found, p); });
    if (prefix == kPrefixes.end()) return found;
    Tensors shorter;
    for (const auto& [name, tensor] : found) shorter.emplace(name.substr(prefix->size()), tensor);
    found = std::move(shorter);
  }
}

/// "bn1.num_batches_tracked" for "bn1.running_var"; empty for other buffers.
std::string counterOf(const std::string& buffer) {
  constexpr std::string_view kLast = "running_var";
  return buffer.ends_with(kLast) ? buffer.substr(0, buffer.size() - kLast.size()) + "num_batches_tracked" : "";
}

/// What does not fit, a few words each; empty when all does.
std::vector<std::string> differences(const Tensors& found, const ParameterLayout& layout, const ParameterLayout& bufferLayout) {
  std::vector<std::string> result;
  Tensors extra = found;
  for (const ParameterLayout* part : {&layout, &bufferLayout}) {
    for (const ParameterSlice& slice : part->slices()) {
      const auto it = found.find(slice.name);
      if (it == found.end()) {
        result.push_back(fmt::format("{} is missing", slice.name));
      } else if (it->second.sizes() != at::IntArrayRef(slice.shape)) {
        result.push_back(fmt::format("{} is [{}], expected [{}]", slice.name, fmt::join(it->second.sizes(), ", "), fmt::join(slice.shape, ", ")));
      } else if (!it->second.is_floating_point()) {
        result.push_back(fmt::format("{} holds whole numbers, expected float", slice.name));
      }
      extra.erase(slice.name);
      if (const std::string counter = counterOf(slice.name); !counter.empty()) extra.erase(counter);
    }
  }
  for (const auto& [name, tensor] : extra) result.push_back(fmt::format("{} is not part of the model", name.substr(0, 60)));
  return result;
}

/// The slices behind one another, all of one dtype; undefined for an empty layout.
at::Tensor gather(const std::string& file, const Tensors& found, const ParameterLayout& layout, at::ScalarType dtype) {
  std::vector<at::Tensor> pieces;
  for (const ParameterSlice& slice : layout.slices()) {
    pieces.push_back(found.at(slice.name).reshape({-1}));
    if (pieces.back().scalar_type() != dtype) throw DataError(fmt::format("'{}' mixes float and double: {} differs from the first", file, slice.name));
  }
  return pieces.empty() ? at::Tensor() : at::cat(pieces);
}

void append(NamedTensors& content, const ParameterLayout& layout, const at::Tensor& flat) {
  const at::Tensor values = flat.detach().to(at::kCPU).contiguous();
  for (const ParameterSlice& slice : layout.slices())
    content.tensors.emplace_back(slice.name, values.narrow(0, slice.offset, slice.count()).view(slice.shape));
}

}  // namespace

void writeCheckpoint(const std::filesystem::path& file, const ParameterLayout& layout, const Checkpoint& checkpoint,
                     const ParameterLayout& bufferLayout) {
  NamedTensors content;
  content.metadata = {{"format", "pt"}, {"step", fmt::format("{}", checkpoint.step)}, {"epoch", fmt::format("{}", checkpoint.epoch)}};
  append(content, layout, checkpoint.theta);
  if (checkpoint.buffers.defined()) append(content, bufferLayout, checkpoint.buffers);
  for (const ParameterSlice& slice : bufferLayout.slices())
    if (const std::string counter = counterOf(slice.name); checkpoint.buffers.defined() && !counter.empty())
      content.tensors.emplace_back(counter, at::scalar_tensor(checkpoint.step, at::kLong));
  writeSafetensors(file, content);
}

void writeCheckpoint(const std::filesystem::path& file, const Model& model, const Checkpoint& checkpoint) {
  writeCheckpoint(file, model.layout(), checkpoint, model.bufferLayout());
}

Checkpoint readCheckpoint(const std::filesystem::path& file, const ParameterLayout& layout, const ParameterLayout& bufferLayout) {
  const NamedTensors content = readSafetensors(file);
  const Tensors found = withoutPrefix(Tensors(content.tensors.begin(), content.tensors.end()));
  std::vector<std::string> wrong = differences(found, layout, bufferLayout);
  if (!wrong.empty()) {
    const std::size_t more = wrong.size() > kMostListed ? wrong.size() - kMostListed : 0;
    wrong.resize(wrong.size() - more);
    throw DataError(fmt::format("'{}' does not fit the model: {}{}", file.string(), fmt::join(wrong, "; "),
                                more > 0 ? fmt::format("; and {} more", more) : ""));
  }
  const at::ScalarType dtype = found.at(layout.slices().front().name).scalar_type();
  return {.step = numberOf<std::int64_t>(content.metadata, "step"),
          .epoch = numberOf<double>(content.metadata, "epoch"),
          .theta = gather(file.string(), found, layout, dtype),
          .buffers = gather(file.string(), found, bufferLayout, dtype)};
}

Checkpoint readCheckpoint(const std::filesystem::path& file, const Model& model) { return readCheckpoint(file, model.layout(), model.bufferLayout()); }

}  // namespace trainer
