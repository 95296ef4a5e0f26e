// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
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

/// Evaluation mode over the whole of each set, plain loss (no L2, no smoothing), sums in double: a line of evals.csv. Accuracies 0..1; NaN where
/// there is no such set.
struct EvaluationRecord {
  std::int64_t step = 0;
  double trainLoss = 0;
  double trainAccuracy = 0;
  double testLoss = 0;
  double testAccuracy = 0;
  double validationLoss = std::numeric_limits<double>::quiet_NaN();
  double validationAccuracy = std::numeric_limits<double>::quiet_NaN();

  /// NaN, which stands for "no such set", equals itself.
  bool operator==(const EvaluationRecord& o) const {
    const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
    return step == o.step && same(trainLoss, o.trainLoss) && same(trainAccuracy, o.trainAccuracy) && same(testLoss, o.testLoss) &&
           same(testAccuracy, o.testAccuracy) && same(validationLoss, o.validationLoss) && same(validationAccuracy, o.validationAccuracy);
  }
};

/// A quantity that is tracked beside lambda_max, with its quality and its cost: seven columns of curvature.csv. curvature_measures.h says what each is.
struct TrackedValue {
  std::string name = {};     ///< "batch-sharpness"
  double value = std::numeric_limits<double>::quiet_NaN();  ///< NaN: there is none here
  double error = std::numeric_limits<double>::quiet_NaN();
  std::int64_t products = 0, gradients = 0, forwardPasses = 0;  ///< Hessian products, gradients, forward passes it took
  std::int64_t items = 0;    ///< training items of each of them
  double seconds = 0;
  bool operator==(const TrackedValue&) const;  ///< NaN equals itself
};

/// The curvature of the training objective while it trains: a line of curvature.csv.
struct CurvatureRecord {
  std::int64_t step = 0;
  double lambdaMax = 0;      ///< NaN where it is not among the measures asked for
  double residual = 0;       ///< ||H q - lambda q||, from a fresh product: some eigenvalue lies within it
  std::int64_t products = 0; ///< Hessian products it took
  std::int64_t samples = 0;  ///< training items it was measured on
  double seconds = 0;        ///< of lambda_max
  std::vector<TrackedValue> more = {};  ///< what else was asked for, in the order of curvature_measures.h
  bool operator==(const CurvatureRecord&) const;  ///< NaN equals itself
};

/// lambda_max among the others, as "lambda-max"; empty where `measure` was not asked for.
std::optional<TrackedValue> trackedValue(const CurvatureRecord& record, std::string_view measure);
/// Names of what was asked for, lambda-max among them.
std::vector<std::string> trackedNames(const CurvatureRecord& record);
/// Gradients of one training item each: a product counts as two gradients, a forward pass as a third.
double itemGradients(const CurvatureRecord& record);

/// A change by hand: from step `step` (1 for the first) on, `name` has this value. A line of events.csv.
struct RunEvent {
  std::int64_t step = 0;
  std::string name;  ///< learning_rate | rho | alpha
  double value = 0;
  bool operator==(const RunEvent&) const = default;
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
  std::int64_t trainItems = 0;  ///< in the training set; 0 where a run was killed, or is older
  double seconds = 0;
  double gradientNorm = 0;   ///< of the training objective on the whole training set at theta; NaN for a stopped run
  double parameterNorm = 0;  ///< ||theta||
  std::string reason;        ///< why it diverged; empty otherwise
  std::string dataHash;      ///< of all bytes of the data it was trained on
  std::vector<StepRecord> stepRecords;
  std::vector<EvaluationRecord> evaluations;
  std::vector<EvaluationRecord> emaEvaluations, swaEvaluations;  ///< of the averaged models
  std::vector<CurvatureRecord> curvature;
  std::vector<RunEvent> events;
};

}  // namespace trainer
