// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/training_state.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <charconv>
#include <map>

#include "trainer/base/error.h"
#include "trainer/model/checkpoint.h"
#include "trainer/model/safetensors.h"
#include "trainer/run/run_files.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEvaluations = "gradient_evaluations";
constexpr std::string_view kBuffersEnding = "_buffers";

/// Vectors of running statistics are named for it; all others are cut as theta is.
const ParameterLayout& layoutOf(const std::string& vector, const Model& model) {
  return vector.ends_with(kBuffersEnding) ? model.bufferLayout() : model.layout();
}

void writeOptimizer(const fs::path& file, const Model& model, const TrainingState& state) {
  NamedTensors content;
  content.metadata = {{"step", fmt::format("{}", state.step)}, {kEvaluations, fmt::format("{}", state.gradientEvaluations)}};
  for (const auto& [name, value] : state.optimizer.numbers) content.metadata["state/" + name] = fmt::format("{}", value);
  for (const auto& [name, vector] : state.optimizer.vectors) {
    const at::Tensor values = vector.detach().to(at::kCPU).contiguous();
    for (const ParameterSlice& slice : layoutOf(name, model).slices())
      content.tensors.emplace_back(name + "/" + slice.name, values.narrow(0, slice.offset, slice.count()).view(slice.shape));
  }
  writeSafetensors(file, content);
}

std::int64_t numberIn(const std::map<std::string, std::string>& metadata, const std::string& key, const fs::path& file) {
  const auto it = metadata.find(key);
  std::int64_t value = 0;
  const bool good = it != metadata.end() && std::from_chars(it->second.data(), it->second.data() + it->second.size(), value).ec == std::errc();
  if (!good) throw DataError(fmt::format("'{}' has no number '{}': it is no optimizer's state of this program", file.string(), key));
  return value;
}

void readOptimizer(const fs::path& file, const Model& model, TrainingState& state) {
  const NamedTensors content = readSafetensors(file);
  state.gradientEvaluations = numberIn(content.metadata, kEvaluations, file);
  if (numberIn(content.metadata, "step", file) != state.step) throw DataError(fmt::format("'{}' is not of step {}", file.string(), state.step));
  for (const auto& [key, text] : content.metadata)
    if (key.starts_with("state/")) state.optimizer.numbers[key.substr(6)] = numberIn(content.metadata, key, file);
  std::map<std::string, std::vector<at::Tensor>> pieces;
  std::vector<std::string> order;
  for (const auto& [name, tensor] : content.tensors) {
    const std::string vector = name.substr(0, name.find('/'));
    if (!pieces.contains(vector)) order.push_back(vector);
    pieces[vector].push_back(tensor.reshape({-1}));
  }
  for (const std::string& name : order) {
    const at::Tensor vector = at::cat(pieces.at(name));
    if (vector.numel() != layoutOf(name, model).size())
      throw DataError(fmt::format("'{}': {} holds {} numbers, expected {}", file.string(), name, vector.numel(), layoutOf(name, model).size()));
    state.optimizer.vectors.emplace_back(name, vector);
  }
}

}  // namespace

fs::path checkpointStem(const fs::path& run, std::int64_t step) { return run / kCheckpointFolder / fmt::format("step_{:08d}", step); }

void writeTrainingState(const fs::path& run, const Model& model, const TrainingState& state, const std::vector<AveragedCheckpoint>& averages) {
  const std::string stem = checkpointStem(run, state.step).string();
  if (state.complete) writeOptimizer(stem + ".optimizer.safetensors", model, state);
  const auto checkpoint = [&](const at::Tensor& theta, const at::Tensor& buffers) {
    return Checkpoint{.step = state.step, .epoch = state.epoch, .theta = theta, .buffers = buffers};
  };
  for (const AveragedCheckpoint& average : averages)
    writeCheckpoint(fmt::format("{}.{}.safetensors", stem, average.name), model.layout(), checkpoint(average.theta, average.buffers), model.bufferLayout());
  writeCheckpoint(stem + ".safetensors", model.layout(), checkpoint(state.theta, state.buffers), model.bufferLayout());
}

TrainingState readTrainingState(const fs::path& run, const Model& model, std::int64_t step) {
  const std::string stem = checkpointStem(run, step).string();
  const Checkpoint saved = readCheckpoint(stem + ".safetensors", model.layout(), model.bufferLayout());
  TrainingState state{.step = step, .epoch = saved.epoch, .theta = saved.theta, .buffers = saved.buffers, .optimizer = {}};
  const fs::path optimizer = stem + ".optimizer.safetensors";
  std::error_code ignored;
  if (!fs::exists(optimizer, ignored)) throw DataError(fmt::format("'{}' is missing: the run cannot go on from step {}", optimizer.string(), step));
  readOptimizer(optimizer, model, state);
  return state;
}

}  // namespace trainer
