// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mutex>
#include <optional>
#include <vector>

#include "trainer/run/train.h"

namespace ui {

/// Between a training thread and the window: the observer puts, a timer of the window takes. Thread-safe.
class LiveTraining {
 public:
  struct News {
    std::optional<trainer::RunSpec> resolved;  ///< once, at the start
    std::int64_t totalSteps = 0, parameters = 0;
    std::vector<trainer::StepRecord> steps;
    std::vector<trainer::EvaluationRecord> evaluations;
    bool empty() const { return !resolved && steps.empty() && evaluations.empty(); }
  };

  trainer::TrainObserver observer();
  /// What has come since the last call.
  News take();

 private:
  std::mutex mutex_;
  News news_;
};

}  // namespace ui
