// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job_lane.h"

#include <algorithm>
#include <utility>

namespace ui {

JobLane::JobLane() : thread_([this] { work(); }) {}

JobLane::~JobLane() {
  requestStop();
  join();
}

void JobLane::add(std::shared_ptr<JobTask> task) {
  {
    const std::lock_guard lock(mutex_);
    if (!closed_) waiting_.push_back(std::exchange(task, nullptr));
  }
  if (task) task->drop();
  changed_.notify_one();
}

bool JobLane::takeBack(const std::shared_ptr<JobTask>& task) {
  {
    const std::lock_guard lock(mutex_);
    if (std::erase(waiting_, task) == 0) return false;
  }
  task->drop();
  return true;
}

void JobLane::setPaused(JobTask& task, bool paused) {
  {
    const std::lock_guard lock(mutex_);
    task.setPaused(paused);
  }
  changed_.notify_one();
}

void JobLane::requestStop() {
  std::deque<std::shared_ptr<JobTask>> dropped;
  std::shared_ptr<JobTask> running;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    dropped.swap(waiting_);
    running = running_;
  }
  changed_.notify_one();
  if (running) running->requestStop();
  for (const auto& task : dropped) task->drop();
}

void JobLane::join() {
  if (thread_.joinable()) thread_.join();
}

void JobLane::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto next = [this] { return std::ranges::find_if(waiting_, [](const auto& task) { return !task->paused(); }); };
    changed_.wait(lock, [&] { return closed_ || next() != waiting_.end(); });
    if (closed_) return;
    const auto found = next();
    running_ = std::move(*found);
    waiting_.erase(found);
    const std::shared_ptr<JobTask> task = running_;
    lock.unlock();
    task->run();
    lock.lock();
    running_.reset();
  }
}

}  // namespace ui
