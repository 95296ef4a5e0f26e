// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointF>
#include <QPointer>
#include <QTimer>
#include <functional>
#include <map>
#include <memory>

#include "analysis/export/result_file.h"
#include "analysis/surface/plane_session.h"
#include "ui/jobs/job_queue.h"

namespace ui {

/// Evaluates points of planes on the interactive lane: clicks one after the other, and the newest point of a walk; older ones that were not begun are dropped, so nothing
/// queues up. The planes used last stay open. One job serves all wishes and ends when there have been none for a while, so that the lane is free for others.
class PlaneProbe : public QObject {
  Q_OBJECT
 public:
  using Plane = std::shared_ptr<const analysis::SurfaceResult>;  ///< whose plane it is; not a slice over several seeds
  using Answer = std::function<void(const analysis::PlanePoint&, const QString& failure)>;

  explicit PlaneProbe(JobQueue& jobs, QObject* parent = nullptr);
  ~PlaneProbe() override;

  /// `answer` comes from the event loop, exactly once unless this is destroyed before.
  void evaluate(const Plane& plane, QPointF at, const analysis::PointWish& wish, Answer answer);
  /// On a subset of `samples`, without the test set; walked() says it.
  void walk(const Plane& plane, QPointF at, std::int64_t samples);
  std::int64_t walkedPoints() const { return walkedPoints_; }
  std::int64_t wantedPoints() const { return wantedPoints_; }
  /// Evaluations a second on the lane during this walk; 0 before the second one.
  double walkRate() const;

 signals:
  void walked(QPointF at, const analysis::PlanePoint& point);
  void failed(const QString& sentence);

 private:
  struct Shared;
  void serve();
  void takeReplies();
  void ended(const JobInfo& info);

  JobQueue& jobs_;
  QPointer<JobQueue> queue_;  ///< the same: a window may destroy it first
  std::shared_ptr<Shared> shared_;
  std::map<std::int64_t, Answer> answers_;
  std::int64_t job_ = 0, lastRequest_ = 0, walkedPoints_ = 0, wantedPoints_ = 0;
  double walkSeconds_ = 0;  ///< that the lane spent on them
  QTimer timer_;
};

}  // namespace ui
