// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>

#include "trainer/optim/averages.h"
#include "trainer/optim/base_step.h"
#include "trainer/optim/schedule.h"
#include "trainer/optim/sharpness_step.h"
#include "trainer/run/evaluate.h"
#include "trainer/run/hand_changes.h"
#include "trainer/run/prepare_run.h"
#include "trainer/run/run_writer.h"
#include "trainer/run/step_log.h"
#include "trainer/run/tracked_curvature.h"
#include "trainer/run/train.h"
#include "trainer/run/training_state.h"

namespace trainer {

/// Where a training begins: at step 0 of a new folder, or at a checkpoint of an old one.
struct TrainingStart {
  std::filesystem::path folder;
  std::optional<TrainingState> state;  ///< unset: a new run
  RunRecord record;                    ///< what the folder's tables hold up to there
  std::vector<RunEvent> events;        ///< known changes by hand, also of later steps
};

/// THE loop: data > model > step, evaluations, averages, curvature, checkpoints.
class Training {
 public:
  Training(PreparedRun run, TrainingStart start, const TrainObserver& observer, const Context& context, const TrainOptions& options);
  RunRecord run();

 private:
  using Clock = std::chrono::steady_clock;

  void restore(const TrainingState& state);
  void finishEpoch(std::int64_t epoch);
  void runEpoch();
  void takeStep(const at::Tensor& items);
  void applyChanges();
  void fetchSteps();
  void evaluateHere();
  void evaluateAverages();
  EvaluationRecord evaluationOf(const ModelPoint& at);
  void trackCurvature();
  void saveCheckpoint();
  TrainingState state() const;
  void restoreKept();
  void finish();

  ModelPoint here() const { return {theta_, buffers_}; }
  at::Tensor averageBuffers(const at::Tensor& theta);
  double epochsDone() const { return static_cast<double>(record_.steps) / static_cast<double>(run_.stepsPerEpoch()); }
  void note(const std::string& sentence) const {
    if (observer_.note) observer_.note(sentence);
  }

  PreparedRun run_;
  std::filesystem::path folder_;
  const TrainObserver& observer_;
  const Context& context_;
  at::Tensor theta_, buffers_;
  std::unique_ptr<BaseStep> base_;
  SharpnessStep sharpness_;
  ScheduleOptions schedule_;
  double rate_;  ///< the base rate, as it is now
  WeightAverages averages_;
  ModelPoint swa_;               ///< with its own statistics, as last evaluated
  std::optional<TrackedCurvature> curvature_;
  ModelPoint kept_;              ///< where loss and gradient were last seen finite
  std::int64_t keptStep_ = 0, savedStep_ = -1, gradientEvaluations_ = 0;
  bool endPending_ = false;      ///< a stop came while what is due behind an epoch was being done
  StepLog log_;
  HandChanges changes_;
  RunWriter writer_;
  RunRecord record_;
};

}  // namespace trainer
