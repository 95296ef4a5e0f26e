// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "trainer/model/checkpoint.h"
#include "trainer/run/run_spec.h"
#include "trainer/run/run_store.h"

namespace analysis {

/// The checkpoints of a run, read one at a time, without its data or its network: what lines between runs and trajectories need.
class RunCheckpoints {
 public:
  /// The run must be of the same network: `layout` is its parameters', `of` the spec of the run that they belong to.
  /// @throws std::invalid_argument another model or activation, naming both; IoError, DataError
  RunCheckpoints(const std::string& run, const trainer::ParameterLayout& layout, const trainer::RunSpec& of);

  const std::string& run() const { return run_; }
  const trainer::RunSpec& spec() const { return spec_; }
  const std::vector<trainer::CheckpointInfo>& list() const { return list_; }  ///< by step, ascending
  const trainer::ParameterLayout& bufferLayout() const { return buffers_; }   ///< the running statistics, as the model orders them
  trainer::Checkpoint read(const trainer::CheckpointInfo& info) const;        ///< @throws DataError, IoError
  trainer::Checkpoint read(const std::string& step) const;                    ///< last | best | N

 private:
  std::string run_;
  trainer::RunSpec spec_;
  trainer::ParameterLayout layout_, buffers_;
  std::vector<trainer::CheckpointInfo> list_;
};

}  // namespace analysis
