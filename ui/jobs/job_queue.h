// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "ui/jobs/job.h"
#include "ui/jobs/job_lane.h"

namespace ui {

/// Runs the window's jobs, one thread a lane. It lives on the GUI thread, where all its functions are called and all its signals and
/// callbacks come; none of them waits for a job except shutDown() and the destructor. A work must therefore never wait for the GUI thread.
class JobQueue : public QObject {
  Q_OBJECT
 public:
  using Finished = std::function<void(const JobInfo&)>;

  explicit JobQueue(QObject* parent = nullptr);
  ~JobQueue() override;  ///< stops everything and waits; no signal and no callback after that

  /// `finished` is called exactly once, whatever the end, unless the queue is destroyed before; from the event loop, never from inside
  /// add() or cancel().
  std::int64_t add(JobSpec spec, JobWork work, Finished finished = {});
  void cancel(std::int64_t id);  ///< a queued job ends at once without running; the work of a started one is told to stop
  void cancelAll();
  void setPaused(std::int64_t id, bool paused);  ///< a job paused before it starts lets the others of its lane pass
  void remove(std::int64_t id);                  ///< forgets a job that is over; nothing otherwise
  void shutDown();                               ///< cancels everything and waits for the works; what is added later is cancelled at once

  std::vector<JobInfo> jobs() const;  ///< in the order of adding
  std::optional<JobInfo> job(std::int64_t id) const;
  bool idle() const;  ///< every job is over
  int running() const { return count(JobState::running); }
  int queued() const { return count(JobState::queued); }
  int count(JobState state) const;

 signals:
  void added(qint64 id);
  void changed(qint64 id);  ///< state or progress; at most ten times a second for the latter
  void removed(qint64 id);
  void stateChanged();  ///< some job came, went or changed its state

 private:
  struct Job {
    JobInfo info;
    std::shared_ptr<JobTask> task;
    Finished finished;
  };
  Job* find(std::int64_t id);
  JobLane& laneOf(const Job& job) { return *lanes_[static_cast<std::size_t>(job.info.spec.lane)]; }
  bool take(Job& job, bool& stateDiffers);
  void collect();
  void deliver();

  std::vector<Job> jobs_;
  std::vector<std::pair<JobInfo, Finished>> ended_;  ///< still to be told
  std::int64_t lastId_ = 0;
  QTimer timer_;  ///< fetches progress while something runs
  std::array<std::unique_ptr<JobLane>, kLaneCount> lanes_;
};

}  // namespace ui
