// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/run_checkpoints.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <set>
#include <stdexcept>

#include "trainer/base/error.h"
#include "trainer/model/safetensors.h"

namespace analysis {
namespace {

/// The running statistics in a checkpoint: what is no parameter and no counter. A checkpoint lists them in the model's order.
trainer::ParameterLayout buffersIn(const std::filesystem::path& file, const trainer::ParameterLayout& layout) {
  std::set<std::string> parameters;
  for (const auto& slice : layout.slices()) parameters.insert(slice.name);
  trainer::ParameterLayout buffers;
  for (const auto& [name, tensor] : trainer::readSafetensors(file).tensors)
    if (!parameters.contains(name) && tensor.is_floating_point()) buffers.append(name, tensor.sizes().vec(), trainer::ParameterKind::norm);
  return buffers;
}

}  // namespace

RunCheckpoints::RunCheckpoints(const std::string& run, const trainer::ParameterLayout& layout, const trainer::RunSpec& of)
    : run_(run), spec_(trainer::readRunSpec(run)), layout_(layout), list_(trainer::listCheckpoints(run)) {
  if (spec_.model != of.model || spec_.activation != of.activation)
    throw std::invalid_argument(fmt::format("the run '{}' is {} with {}, the other {} with {}: between two networks there is no line", run, spec_.model,
                                            spec_.activation, of.model, of.activation));
  if (list_.empty()) throw trainer::DataError(fmt::format("the run '{}' has no checkpoint", run));
  buffers_ = buffersIn(list_.front().file, layout_);
}

trainer::Checkpoint RunCheckpoints::read(const trainer::CheckpointInfo& info) const { return trainer::readCheckpoint(info.file, layout_, buffers_); }

trainer::Checkpoint RunCheckpoints::read(const std::string& step) const { return read(trainer::findCheckpoint(run_, step)); }

}  // namespace analysis
