// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace trainer {

/// One optimizer step: a line of steps.csv. Loss and gradient norm are those of the training objective on the batch at theta, before the step.
struct StepRecord {
  std::int64_t step = 0;   ///< 1 for the first
  double epoch = 0;        ///< step / steps per epoch
  double loss = 0;
  double gradientNorm = 0;
  double learningRate = 0;
  double seconds = 0;      ///< since the start of training, evaluation and saving left out
  std::int64_t gradientEvaluations = 0;  ///< so far
  bool operator==(const StepRecord&) const = default;
};

/// Evaluation mode over the whole of each set, plain loss (no L2), sums in double: a line of evals.csv. Accuracies 0..1.
struct EvaluationRecord {
  std::int64_t step = 0;
  double trainLoss = 0;
  double trainAccuracy = 0;
  double testLoss = 0;
  double testAccuracy = 0;
  bool operator==(const EvaluationRecord&) const = default;
};

enum class RunStatus { running, completed, stopped, diverged };
std::string toString(RunStatus status);

/// What a run has come to.
struct RunRecord {
  std::string folder;
  RunStatus status = RunStatus::running;
  std::int64_t steps = 0;
  double epochs = 0;
  std::int64_t parameters = 0;
  double seconds = 0;
  double gradientNorm = 0;   ///< of the training objective on the whole training set at theta
  double parameterNorm = 0;  ///< ||theta||
  std::string reason;        ///< why it diverged; empty otherwise
  std::string dataHash;      ///< of all bytes of the data it was trained on
  std::vector<StepRecord> stepRecords;
  std::vector<EvaluationRecord> evaluations;
};

}  // namespace trainer
