// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "ui/jobs/job_task.h"

namespace ui {

/// One thread that runs tasks one after the other, in the order of adding; a paused one that has not begun lets the others pass. Tasks are
/// added, taken back and paused by one owner thread.
class JobLane {
 public:
  JobLane();
  ~JobLane();  ///< stops and waits
  JobLane(const JobLane&) = delete;
  JobLane& operator=(const JobLane&) = delete;

  void add(std::shared_ptr<JobTask> task);  ///< after requestStop() it is dropped at once
  /// Whether it was still waiting: then it is dropped here and will never run.
  bool takeBack(const std::shared_ptr<JobTask>& task);
  void setPaused(JobTask& task, bool paused);
  void requestStop();  ///< for good: drops what waits, stops what runs, starts nothing more
  void join();         ///< returns when nothing runs; after requestStop()

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<JobTask>> waiting_;
  std::shared_ptr<JobTask> running_;
  bool closed_ = false;
  std::thread thread_;  // last: it uses all the others
};

}  // namespace ui
