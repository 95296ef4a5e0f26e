// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "trainer/run/train.h"

namespace ui {

/// Between a training thread and the window: the observer puts, a timer of the window takes; changes by hand go the other way. Thread-safe.
class LiveTraining {
 public:
  struct News {
    std::optional<trainer::RunSpec> resolved;  ///< once, at the start
    std::int64_t totalSteps = 0, parameters = 0;
    std::vector<trainer::StepRecord> steps;
    std::vector<trainer::EvaluationRecord> evaluations;
    std::vector<trainer::CurvatureRecord> curvature;
    std::vector<trainer::RunEvent> events;
    bool empty() const { return !resolved && steps.empty() && evaluations.empty() && curvature.empty() && events.empty(); }
  };

  trainer::TrainObserver observer();
  const std::shared_ptr<trainer::RunControls>& controls() const { return controls_; }
  /// What has come since the last call.
  News take();

 private:
  std::mutex mutex_;
  News news_;
  std::shared_ptr<trainer::RunControls> controls_ = std::make_shared<trainer::RunControls>();
};

/// Adds news to a run's record. A training that goes on from a checkpoint says again what was done behind it: that is replaced.
void addNews(trainer::RunRecord& record, const LiveTraining::News& news);

}  // namespace ui
