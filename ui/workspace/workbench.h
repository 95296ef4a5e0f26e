// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "analysis/check/check.h"
#include "analysis/invariance/invariance.h"
#include "analysis/sharpness/sharpness.h"
#include "analysis/spectrum/spectrum.h"
#include "analysis/surface/preview_axes.h"
#include "analysis/surface/surface_grid.h"
#include "ui/jobs/job_queue.h"
#include "ui/workspace/live_training.h"
#include "ui/workspace/run_templates.h"
#include "ui/workspace/session.h"

namespace ui {

/// How a run that is trained here is listed, and what is measured as soon as it is trained.
struct TrainWishes {
  QString name, group;  ///< empty: by its settings; none
  bool lambdaMax = false;
};

/// Turns wishes into jobs and their results into the session: train, measure, sample, open, export. Every verb and every file runs on another thread.
class Workbench : public QObject {
  Q_OBJECT
 public:
  /// New runs get folders below `runsFolder`.
  Workbench(Session& session, JobQueue& jobs, std::filesystem::path runsFolder, QObject* parent = nullptr);
  ~Workbench() override;

  /// Adds a run and queues its training. The threads of the machine are shared between training and analysis. Returns its folder.
  std::string train(trainer::RunSpec spec, const TrainWishes& wishes = {});
  /// All runs of a plan, in a group of their own. Returns its name.
  QString trainGroup(const GroupPlan& plan);
  /// Queues what is left of a stopped run, from its last checkpoint, or a run that was never begun; nothing for others.
  void resume(const std::string& folder);
  /// Asks a run that is trained here to take this value (learning_rate, rho or alpha) before its next step. Returns what is wrong with it; empty: nothing.
  QString adjust(const std::string& folder, const std::string& name, double value);
  /// The job that trains a run, or waits to; 0 where there is none.
  std::int64_t trainingJob(const std::string& folder) const;
  void measureSpectrum(analysis::SpectrumSpec spec);
  void measureSharpness(analysis::SharpnessSpec spec);
  void checkRun(analysis::CheckSpec spec);
  void measureInvariance(analysis::InvarianceSpec spec);
  /// `known`: an earlier result on the same plane, stopped or whole, whose points are not computed again.
  void sampleSurface(analysis::SurfaceSpec spec, const std::shared_ptr<const analysis::SurfaceResult>& known = nullptr);
  /// What the axes are and what the surface will take, as a short job that is gone from the list when it is done. The one before it is stopped. `shown` gets the
  /// preview or, with an empty one, why there is none; it is not called when `owner` is gone or the job was stopped.
  using ShowPreview = std::function<void(const analysis::AxesPreview&, const QString& failure)>;
  void previewAxes(analysis::SurfaceSpec spec, QObject* owner, ShowPreview shown);
  /// Three optimizers on the digits, each trained, then measured and sampled as soon as its training is done.
  void startExample();
  bool exampleRunning() const { return !example_.empty(); }
  const std::vector<std::string>& exampleFolders() const { return exampleFolders_; }
  void stopExample();

  void openRun(const std::filesystem::path& folder);
  /// Whatever it is: recognise(). Runs and files join the session; for sessions and weights there is a signal.
  void open(const std::vector<std::filesystem::path>& paths);
  /// Someone else's weights as a run of the session: trainer::importRun().
  void importWeights(const std::filesystem::path& weights, trainer::RunSpec spec);
  /// A missing run is in `found`; other missing ones that lie beside it there are taken too.
  void locate(const std::string& missing, const std::filesystem::path& found);
  /// Reads a run again that changed on the disk.
  void reread(const std::string& folder);
  /// What became of a file: empty, or what is wrong.
  using Written = std::function<void(const QString& failure)>;
  /// `written` hears of it in place of failed(), unless `owner` is gone by then.
  void exportResult(const analysis::Result& result, const std::filesystem::path& file, QObject* owner = nullptr, Written written = {});
  /// Has `file` written by `work` on the file pool.
  void writeFile(const std::filesystem::path& file, std::function<void()> work, QObject* owner = nullptr, Written written = {});

  int threadsPerLane() const;

 signals:
  void failed(const QString& sentence);   ///< shown where the user is looking
  void noted(const QString& sentence);
  void recognised(const QString& sentence);       ///< what was opened, and what is not known of it
  void sessionFound(const QString& file);
  void weightsFound(const QString& file);
  void resultFound(const QString& folder, const QString& kind);
  void exampleChanged();

 private:
  using TrainingWork = std::function<trainer::RunRecord(const trainer::TrainObserver&, const trainer::Context&, const trainer::TrainOptions&)>;
  void queueTraining(const std::string& folder, const QString& title, RunState before, TrainingWork work);
  /// A measure on the analysis lane: it is made and saved there, and listed with its run where it is `worth` that.
  template <class Result, class Measure, class Worth>
  void queueMeasure(const QString& title, const QString& kind, std::shared_ptr<Result> result, Measure measure, Worth worth);
  void takeNews();
  void takeTrainingNews(const std::string& folder, LiveTraining& live);
  void afterTraining(const std::string& folder, const JobInfo& job, RunState before, const trainer::RunRecord& record);
  void measureExample(const std::string& folder);
  void exampleStep(const std::string& folder, bool ended);

  struct LiveSurface;
  Session& session_;
  JobQueue& jobs_;
  std::filesystem::path runsFolder_;
  QThreadPool files_;
  QTimer timer_;
  std::map<std::string, std::shared_ptr<LiveTraining>> training_;
  std::map<std::string, std::shared_ptr<LiveSurface>> surfaces_;
  std::set<std::string> lambdaWanted_;        ///< folders whose lambda_max is measured when they are trained
  std::set<std::string> rereading_;
  std::int64_t preview_ = 0;                  ///< the job of the last one
  std::map<std::string, int> example_;        ///< folder -> jobs left
  std::vector<std::string> exampleFolders_;
};

}  // namespace ui
