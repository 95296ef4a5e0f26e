// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/model/checkpoint.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <map>

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

/// What does not fit, a few words each; empty when all does.
std::vector<std::string> differences(const std::map<std::string, at::Tensor>& found, const ParameterLayout& layout) {
  std::vector<std::string> result;
  std::map<std::string, at::Tensor> extra = found;
  for (const ParameterSlice& slice : layout.slices()) {
    const auto it = found.find(slice.name);
    if (it == found.end()) {
      result.push_back(fmt::format("{} is missing", slice.name));
    } else if (it->second.sizes() != at::IntArrayRef(slice.shape)) {
      result.push_back(fmt::format("{} is [{}], expected [{}]", slice.name, fmt::join(it->second.sizes(), ", "), fmt::join(slice.shape, ", ")));
    }
    extra.erase(slice.name);
  }
  for (const auto& [name, tensor] : extra) result.push_back(fmt::format("{} is not part of the model", name.substr(0, 60)));
  return result;
}

}  // namespace

void writeCheckpoint(const std::filesystem::path& file, const ParameterLayout& layout, const Checkpoint& checkpoint) {
  const at::Tensor theta = checkpoint.theta.detach().to(at::kCPU).contiguous();
  NamedTensors content;
  content.metadata = {{"format", "pt"}, {"step", fmt::format("{}", checkpoint.step)}, {"epoch", fmt::format("{}", checkpoint.epoch)}};
  for (const ParameterSlice& slice : layout.slices())
    content.tensors.emplace_back(slice.name, theta.narrow(0, slice.offset, slice.count()).view(slice.shape));
  writeSafetensors(file, content);
}

Checkpoint readCheckpoint(const std::filesystem::path& file, const ParameterLayout& layout) {
  const NamedTensors content = readSafetensors(file);
  const std::map<std::string, at::Tensor> found(content.tensors.begin(), content.tensors.end());
  std::vector<std::string> wrong = differences(found, layout);
  if (!wrong.empty()) {
    const std::size_t more = wrong.size() > kMostListed ? wrong.size() - kMostListed : 0;
    wrong.resize(wrong.size() - more);
    throw DataError(fmt::format("'{}' does not fit the model: {}{}", file.string(), fmt::join(wrong, "; "),
                                more > 0 ? fmt::format("; and {} more", more) : ""));
  }
  std::vector<at::Tensor> pieces;
  for (const ParameterSlice& slice : layout.slices()) {
    pieces.push_back(found.at(slice.name).reshape({-1}));
    if (pieces.back().scalar_type() != pieces.front().scalar_type())
      throw DataError(fmt::format("'{}' mixes float and double: {} differs from {}", file.string(), slice.name, layout.slices()[0].name));
  }
  return {.step = numberOf<std::int64_t>(content.metadata, "step"), .epoch = numberOf<double>(content.metadata, "epoch"), .theta = at::cat(pieces)};
}

}  // namespace trainer
