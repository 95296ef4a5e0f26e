// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "trainer/run/run_record.h"
#include "trainer/run/run_spec.h"

namespace trainer {

/// Whether a folder is empty, or holds only the beginnings of a run that was killed before it had its spec.json.
bool isFreeFolder(const std::filesystem::path& folder);

/// Refuses a folder that is in use; what a program that was killed at its very start has left is no use.
/// @throws std::invalid_argument when it exists and is not an empty folder.
void requireFreeFolder(const std::filesystem::path& folder);

enum class EvaluatedModel { trained, ema, swa };

/// Writes the tables of one run folder. Lines of steps.csv are gathered and appended about once a second, and by flush(). @throws IoError.
class RunWriter {
 public:
  /// Makes the folder, the heads of the tables, known events and last spec.json: a folder with it is a run.
  RunWriter(std::filesystem::path folder, const RunSpec& resolved, const std::vector<RunEvent>& events = {});

  struct Existing {};
  /// Goes on with the folder of a run.
  RunWriter(std::filesystem::path folder, Existing) : folder_(std::move(folder)) {}

  void addStep(const StepRecord& record);
  void addEvaluation(const EvaluationRecord& record, EvaluatedModel model = EvaluatedModel::trained);
  void addCurvature(const CurvatureRecord& record);
  void addEvent(const RunEvent& event);
  void flush();
  void writeSummary(const RunSpec& resolved, const RunRecord& record);

 private:
  void append(const char* file, const std::string& header, const std::string& line);

  std::filesystem::path folder_;
  std::string lines_;
  std::chrono::steady_clock::time_point flushed_ = std::chrono::steady_clock::now();
};

}  // namespace trainer
