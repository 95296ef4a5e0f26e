// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/live_training.h"

#include <utility>

namespace ui {

trainer::TrainObserver LiveTraining::observer() {
  trainer::TrainObserver o;
  o.started = [this](const trainer::RunSpec& resolved, std::int64_t totalSteps, std::int64_t parameters) {
    const std::lock_guard lock(mutex_);
    news_.resolved = resolved;
    news_.totalSteps = totalSteps;
    news_.parameters = parameters;
  };
  o.step = [this](const trainer::StepRecord& step) {
    const std::lock_guard lock(mutex_);
    news_.steps.push_back(step);
  };
  o.evaluation = [this](const trainer::EvaluationRecord& evaluation) {
    const std::lock_guard lock(mutex_);
    news_.evaluations.push_back(evaluation);
  };
  return o;
}

LiveTraining::News LiveTraining::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, {});
}

}  // namespace ui
