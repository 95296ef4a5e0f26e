// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job_queue.h"

#include <QPointer>
#include <algorithm>

namespace ui {
namespace {

constexpr int kPollMilliseconds = 100;
constexpr auto kId = [](const auto& job) { return job.info.id; };

}  // namespace

JobQueue::JobQueue(QObject* parent) : QObject(parent) {
  for (auto& lane : lanes_) lane = std::make_unique<JobLane>();
  timer_.setInterval(kPollMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &JobQueue::collect);
}

JobQueue::~JobQueue() {
  for (auto& lane : lanes_) lane->requestStop();
  for (auto& lane : lanes_) lane->join();
}

std::int64_t JobQueue::add(JobSpec spec, JobWork work, Finished finished) {
  const std::int64_t id = ++lastId_;
  // The only thing that a worker does to this object: it posts an event when a job begins, stands still or ends.
  auto task =
      std::make_shared<JobTask>(std::move(work), [this] { QMetaObject::invokeMethod(this, &JobQueue::collect, Qt::QueuedConnection); });
  jobs_.push_back({.info = {.id = id, .spec = std::move(spec)}, .task = task, .finished = std::move(finished)});
  laneOf(jobs_.back()).add(std::move(task));
  emit added(id);
  emit stateChanged();
  return id;
}

void JobQueue::cancel(std::int64_t id) {
  Job* job = find(id);
  if (!job || isOver(job->info.state)) return;
  if (!laneOf(*job).takeBack(job->task)) job->task->requestStop();
  collect();
}

void JobQueue::cancelAll() {
  for (Job& job : jobs_) {
    if (!isOver(job.info.state) && !laneOf(job).takeBack(job.task)) job.task->requestStop();
  }
  collect();
}

void JobQueue::setPaused(std::int64_t id, bool paused) {
  Job* job = find(id);
  if (!job || isOver(job->info.state)) return;
  laneOf(*job).setPaused(*job->task, paused);
  collect();
}

void JobQueue::remove(std::int64_t id) {
  const auto at = std::ranges::find(jobs_, id, kId);
  if (at == jobs_.end() || !isOver(at->info.state)) return;
  jobs_.erase(at);
  emit removed(id);
  emit stateChanged();
}

void JobQueue::shutDown() {
  for (auto& lane : lanes_) lane->requestStop();
  for (auto& lane : lanes_) lane->join();
  collect();
}

std::vector<JobInfo> JobQueue::jobs() const {
  std::vector<JobInfo> out;
  for (const Job& job : jobs_) out.push_back(job.info);
  return out;
}

std::optional<JobInfo> JobQueue::job(std::int64_t id) const {
  const auto at = std::ranges::find(jobs_, id, kId);
  return at == jobs_.end() ? std::nullopt : std::optional(at->info);
}

bool JobQueue::idle() const {
  return std::ranges::all_of(jobs_, [](const Job& job) { return isOver(job.info.state); });
}

int JobQueue::count(JobState state) const {
  return static_cast<int>(std::ranges::count(jobs_, state, [](const Job& job) { return job.info.state; }));
}

JobQueue::Job* JobQueue::find(std::int64_t id) {
  const auto at = std::ranges::find(jobs_, id, kId);
  return at == jobs_.end() ? nullptr : &*at;
}

/// Takes what the job's mailbox holds; whether anything that shows is different.
bool JobQueue::take(Job& job, bool& stateDiffers) {
  JobTask::Snapshot now = job.task->snapshot();
  JobInfo& info = job.info;
  const bool otherState = now.state != info.state || now.started != info.started || now.stopping != info.stopping;
  const bool different = otherState || now.elapsedSeconds != info.elapsedSeconds || now.progress.done != info.progress.done;
  stateDiffers |= otherState;
  info.state = now.state;
  info.started = now.started;
  info.stopping = now.stopping;
  info.progress = std::move(now.progress);
  info.rate = now.rate;
  info.elapsedSeconds = now.elapsedSeconds;
  info.secondsLeft = now.secondsLeft;
  info.message = QString::fromStdString(now.message);
  return different;
}

/// Slots may add, remove or destroy: the jobs are all taken before anyone is told.
void JobQueue::collect() {
  std::vector<std::int64_t> different;
  bool stateDiffers = false, running = false, ended = false;
  for (Job& job : jobs_) {
    if (isOver(job.info.state)) continue;
    if (take(job, stateDiffers)) different.push_back(job.info.id);
    running |= job.info.state == JobState::running;
    if (!isOver(job.info.state)) continue;
    ended = true;
    if (job.finished) ended_.emplace_back(job.info, std::exchange(job.finished, {}));
  }
  if (!running) timer_.stop();
  if (running && !timer_.isActive()) timer_.start();
  if (ended) QMetaObject::invokeMethod(this, &JobQueue::deliver, Qt::QueuedConnection);
  const QPointer<JobQueue> alive(this);
  for (const std::int64_t id : different) {
    if (alive && find(id)) emit changed(id);
  }
  if (alive && stateDiffers) emit stateChanged();
}

void JobQueue::deliver() {
  const QPointer<JobQueue> alive(this);
  for (const auto& [info, finished] : std::exchange(ended_, {})) {
    if (alive) finished(info);
  }
}

}  // namespace ui
