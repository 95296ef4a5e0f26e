// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/live_training.h"

#include <algorithm>
#include <utility>

namespace ui {
namespace {

template <class Record>
void append(std::vector<Record>& to, const std::vector<Record>& more) {
  if (more.empty()) return;
  std::erase_if(to, [first = more.front().step](const Record& r) { return r.step >= first; });
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

trainer::TrainObserver LiveTraining::observer() {
  trainer::TrainObserver o;
  o.started = [this](const trainer::RunSpec& resolved, std::int64_t totalSteps, std::int64_t parameters) {
    const std::lock_guard lock(mutex_);
    news_.resolved = resolved;
    news_.totalSteps = totalSteps;
    news_.parameters = parameters;
  };
  const auto put = [this](auto& list) {
    return [this, &list](const auto& record) {
      const std::lock_guard lock(mutex_);
      list.push_back(record);
    };
  };
  o.step = put(news_.steps);
  o.evaluation = put(news_.evaluations);
  o.curvature = put(news_.curvature);
  o.event = put(news_.events);
  return o;
}

LiveTraining::News LiveTraining::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, {});
}

void addNews(trainer::RunRecord& record, const LiveTraining::News& news) {
  append(record.stepRecords, news.steps);
  append(record.evaluations, news.evaluations);
  append(record.curvature, news.curvature);
  // Several events may belong to one step, and arrive in two pieces.
  if (!news.steps.empty()) std::erase_if(record.events, [first = news.steps.front().step](const trainer::RunEvent& e) { return e.step > first; });
  for (const trainer::RunEvent& event : news.events)
    if (std::ranges::find(record.events, event) == record.events.end()) record.events.push_back(event);
  if (record.stepRecords.empty()) return;
  const trainer::StepRecord& last = record.stepRecords.back();
  record.steps = last.step;
  record.seconds = last.seconds;
  record.epochs = last.epoch;
}

}  // namespace ui
