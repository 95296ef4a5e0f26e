// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Names within a run folder.
namespace trainer {

constexpr const char* kSpecFile = "spec.json";
constexpr const char* kSummaryFile = "summary.json";
constexpr const char* kStepsFile = "steps.csv";
constexpr const char* kEvaluationsFile = "evals.csv";
constexpr const char* kEmaEvaluationsFile = "evals_ema.csv";
constexpr const char* kSwaEvaluationsFile = "evals_swa.csv";
constexpr const char* kCurvatureFile = "curvature.csv";
constexpr const char* kEventsFile = "events.csv";
constexpr const char* kAdjustFile = "adjust.json";  ///< changes by hand from another process, taken and removed by the training
constexpr const char* kCheckpointFolder = "checkpoints";

constexpr const char* kStepsHeader = "step,epoch,loss,gradient_norm,learning_rate,seconds,gradient_evaluations";
constexpr const char* kEvaluationsHeader = "step,train_loss,train_accuracy,test_loss,test_accuracy";
constexpr const char* kEvaluationsHeaderWithValidation = "step,train_loss,train_accuracy,test_loss,test_accuracy,validation_loss,validation_accuracy";
constexpr const char* kCurvatureHeader = "step,lambda_max,residual,products,samples,seconds";
constexpr const char* kEventsHeader = "step,name,value";

}  // namespace trainer
