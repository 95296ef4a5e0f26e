// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "trainer/base/context.h"
#include "ui/jobs/job_state.h"
#include "ui/jobs/rate_estimate.h"

namespace ui {

/// A job as its owner and its lane's thread share it: stop, pause, and a mailbox that the work reports into and the owner reads when it
/// likes. Every function may be called from any thread; run() is called once at most.
class JobTask {
 public:
  struct Snapshot {
    JobState state = JobState::queued;
    trainer::Progress progress{};
    double rate = 0, elapsedSeconds = 0, secondsLeft = -1;  ///< as in JobInfo
    std::string message{};                                  ///< why it failed
    bool started = false;                                   ///< run() was called
    bool stopping = false;                                  ///< a stop was requested and the work has not returned
  };

  /// `changed` is called after the work began, stood still in a pause, went on, and after it ended: on the thread that runs it, without
  /// locks held.
  JobTask(JobWork work, std::function<void()> changed);

  void requestStop();  ///< wakes it when it is paused; for good
  void setPaused(bool paused);
  bool paused() const;
  Snapshot snapshot() const;

  /// Does the work here and catches what it throws. Cancelled, or a normal return after a stop was requested: cancelled. Any other
  /// exception: failed.
  void run();
  void drop();  ///< ends it as cancelled; for one that will never run

 private:
  using Clock = std::chrono::steady_clock;
  void report(const trainer::Progress& progress);
  void waitWhilePaused();
  void end(JobState state, std::string message);
  double elapsed() const;  // with mutex_ held

  const std::function<void()> changed_;
  JobWork work_;  // of the thread that runs or drops it
  std::stop_source stop_;
  mutable std::mutex mutex_;
  std::condition_variable resumed_;
  // Everything below under mutex_.
  JobState state_ = JobState::queued;  // never paused: that is paused_
  bool started_ = false, paused_ = false;
  std::optional<Clock::time_point> tickingSince_;  // empty while the job's clock stands still
  Clock::duration ticked_{};
  trainer::Progress progress_;
  RateEstimate estimate_;
  std::string message_;
};

}  // namespace ui
