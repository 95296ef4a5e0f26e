// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QJsonObject>
#include <QObject>
#include <QPointer>
#include <QThreadPool>
#include <QTimer>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "analysis/export/result_file.h"
#include "ui/jobs/job_queue.h"

namespace ui {

class Session;

/// What is done at each new checkpoint, and how much of the time it may take.
struct FollowSettings {
  bool surface = true, section = true, eigenvalues = true;
  double share = 0.25;   ///< most of the time: seconds of following over seconds since it began
  std::int64_t keep = 50;///< frames that are kept, of each its files; older ones are deleted
  analysis::SurfaceSpec spec{};  ///< the plane at each checkpoint; its run and step are set
  QJsonObject toJson() const;    ///< without `spec`, which is the form's
  void take(const QJsonObject& json);
};

/// What was measured around one checkpoint.
struct FollowFrame {
  std::int64_t step = 0;
  std::shared_ptr<const analysis::SurfaceResult> surface, section;
  std::shared_ptr<const analysis::SpectrumResult> spectrum;
  std::vector<std::string> files;  ///< where they are kept
};

/// While a run trains, here or elsewhere: surface, section and eigenvalues around its newest checkpoint, on the analysis lane. It reads checkpoints and never touches a model
/// that trains. A job for an older checkpoint that has not begun makes way for the newest one.
class Follow : public QObject {
  Q_OBJECT
 public:
  Follow(Session& session, JobQueue& jobs, int threads, QObject* parent = nullptr);
  ~Follow() override;

  void start(const std::string& folder, const FollowSettings& settings);  ///< or goes on with other settings; frames stay
  void stop(const std::string& folder);
  bool following(const std::string& folder) const;
  const std::vector<FollowFrame>& frames(const std::string& folder) const;
  double secondsFollowing(const std::string& folder) const;
  double seconds(const std::string& folder) const;  ///< since it began, while it was on
  double share(const std::string& folder) const;    ///< of the two
  /// "12 frames, newest at step 460; 21 % of the time (at most 25 %)"; empty where nothing was followed.
  QString status(const std::string& folder) const;

 signals:
  void changed(const QString& folder);
  void failed(const QString& sentence);

 private:
  struct Followed;
  void look();
  void found(const std::string& folder, std::int64_t newest);
  void measure(const std::string& folder, std::int64_t step);
  void take(const std::string& folder, const JobInfo& info, const std::shared_ptr<FollowFrame>& frame);

  Session& session_;
  JobQueue& jobs_;
  QPointer<JobQueue> queue_;  ///< the same: a window may destroy it first
  int threads_;
  QThreadPool files_;
  QTimer timer_;
  std::map<std::string, std::unique_ptr<Followed>> runs_;
};

}  // namespace ui
