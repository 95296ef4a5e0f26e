// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "trainer/model/checkpoint.h"
#include "trainer/run/run_record.h"
#include "trainer/run/run_spec.h"

namespace trainer {

/// Refuses a folder that is in use. @throws std::invalid_argument when it exists and is not an empty folder.
void requireFreeFolder(const std::filesystem::path& folder);

/// Writes one run folder. Lines of steps.csv are gathered and appended about once a second, and by flush(). @throws IoError.
class RunWriter {
 public:
  /// Makes the folder, spec.json and the heads of both tables.
  RunWriter(std::filesystem::path folder, const RunSpec& resolved);

  void addStep(const StepRecord& record);
  void addEvaluation(const EvaluationRecord& record);
  void flush();

  /// The optimizer's file first (where `momentum` is defined), then the model's: that is the commit.
  void writeCheckpoint(const ParameterLayout& layout, const Checkpoint& model, const at::Tensor& momentum) const;
  void writeSummary(const RunSpec& resolved, const RunRecord& record);

 private:
  std::filesystem::path folder_;
  std::string lines_;
  std::chrono::steady_clock::time_point flushed_ = std::chrono::steady_clock::now();
};

}  // namespace trainer
