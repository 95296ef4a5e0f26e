// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job_task.h"

#include <exception>
#include <utility>

#include "trainer/base/error.h"

namespace ui {

JobTask::JobTask(JobWork work, std::function<void()> changed) : changed_(std::move(changed)), work_(std::move(work)) {}

void JobTask::requestStop() {
  stop_.request_stop();
  const std::lock_guard lock(mutex_);  // between a waiter's look at the token and its sleep there is no gap to notify into
  resumed_.notify_all();
}

void JobTask::setPaused(bool paused) {
  const std::lock_guard lock(mutex_);
  paused_ = paused;
  resumed_.notify_all();
}

bool JobTask::paused() const {
  const std::lock_guard lock(mutex_);
  return paused_;
}

JobTask::Snapshot JobTask::snapshot() const {
  const std::lock_guard lock(mutex_);
  Snapshot out{.state = state_, .progress = progress_, .message = message_};
  const bool over = isOver(state_);
  out.started = started_;
  out.stopping = !over && stop_.stop_requested();
  if (!over && paused_ && !out.stopping) out.state = JobState::paused;
  out.rate = estimate_.rate();
  out.elapsedSeconds = elapsed();
  out.secondsLeft = over ? -1 : estimate_.secondsLeft(out.elapsedSeconds);
  return out;
}

void JobTask::run() {
  {
    const std::lock_guard lock(mutex_);
    state_ = JobState::running;
    started_ = true;
    tickingSince_ = Clock::now();
  }
  changed_();
  trainer::Context context;
  context.stop = stop_.get_token();
  context.progress = [this](const trainer::Progress& progress) { report(progress); };
  context.waitWhilePaused = [this] { waitWhilePaused(); };
  JobState state = JobState::done;
  std::string message;
  try {
    if (!stop_.stop_requested()) work_(context);
    if (stop_.stop_requested()) state = JobState::cancelled;
  } catch (const trainer::Cancelled&) {
    state = JobState::cancelled;
  } catch (const std::exception& error) {
    state = JobState::failed;
    message = error.what();
  } catch (...) {
    state = JobState::failed;
    message = "the job failed for an unknown reason";
  }
  end(state, std::move(message));
}

void JobTask::drop() {
  end(JobState::cancelled, {});
}

void JobTask::report(const trainer::Progress& progress) {
  const std::lock_guard lock(mutex_);
  progress_ = progress;
  estimate_.add(progress, elapsed());
}

void JobTask::waitWhilePaused() {
  std::unique_lock lock(mutex_);
  const auto mayGoOn = [this] { return !paused_ || stop_.stop_requested(); };
  if (mayGoOn()) return;
  ticked_ += Clock::now() - *tickingSince_;
  tickingSince_.reset();
  lock.unlock();
  changed_();
  lock.lock();
  resumed_.wait(lock, mayGoOn);
  tickingSince_ = Clock::now();
  lock.unlock();
  changed_();
}

void JobTask::end(JobState state, std::string message) {
  work_ = {};  // what it captured is the owner's alone from here on
  {
    const std::lock_guard lock(mutex_);
    if (tickingSince_) ticked_ += Clock::now() - *tickingSince_;
    tickingSince_.reset();
    state_ = state;
    message_ = std::move(message);
  }
  changed_();
}

double JobTask::elapsed() const {
  const Clock::duration now = tickingSince_ ? ticked_ + (Clock::now() - *tickingSince_) : ticked_;
  return std::chrono::duration<double>(now).count();
}

}  // namespace ui
