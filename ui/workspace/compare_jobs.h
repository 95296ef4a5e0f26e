// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "analysis/comparison/tabulate.h"
#include "ui/jobs/job_queue.h"
#include "ui/workspace/session.h"

namespace ui {

/// Measures what a comparison lacks as a job and keeps what came of it beside the session: answers on the test set, lines to the baseline, measures at equal loss.
class CompareJobs : public QObject {
  Q_OBJECT
 public:
  CompareJobs(Session& session, JobQueue& jobs, QObject* parent = nullptr);

  /// What is known of the visible runs that have been evaluated, the baseline first.
  analysis::ComparisonEvidence evidence() const;
  /// What the table is made with: those runs, their names and groups, the baseline.
  analysis::CompareSpec spec() const;
  /// Queues the measures of spec(); nothing while one is under way.
  void measure(const std::vector<std::string>& measures, int threads);
  void cancel();
  bool running() const { return job_ != 0; }
  /// "measuring: stage, 3 of 12 steps"; empty while nothing runs.
  QString progress() const;
  std::shared_ptr<const analysis::MatchedResult> matched() const { return matched_; }

 signals:
  void changed();                         ///< progress, or something was measured
  void failed(const QString& sentence);

 private:
  struct Kept {
    analysis::RunEvidence evidence;
    std::string baseline;                 ///< that its path goes to
  };
  void take(const analysis::ComparisonEvidence& evidence, const std::string& baseline);
  analysis::RunEvidence evidenceOf(const SessionRun& run, const std::string& baseline) const;

  Session& session_;
  JobQueue& jobs_;
  std::int64_t job_ = 0;
  std::map<std::string, Kept> kept_;
  std::shared_ptr<const analysis::MatchedResult> matched_;
};

/// The visible runs that a comparison can hold: evaluated at least once. The baseline first.
std::vector<const SessionRun*> comparableRuns(const Session& session);

}  // namespace ui
