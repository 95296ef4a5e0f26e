// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Names within a run folder.
namespace trainer {

constexpr const char* kSpecFile = "spec.json";
constexpr const char* kSummaryFile = "summary.json";
constexpr const char* kStepsFile = "steps.csv";
constexpr const char* kEvaluationsFile = "evals.csv";
constexpr const char* kCheckpointFolder = "checkpoints";

constexpr const char* kStepsHeader = "step,epoch,loss,gradient_norm,learning_rate,seconds,gradient_evaluations";
constexpr const char* kEvaluationsHeader = "step,train_loss,train_accuracy,test_loss,test_accuracy";

}  // namespace trainer
