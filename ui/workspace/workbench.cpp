// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/workbench.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

#include "analysis/spectrum/curvature_tracker.h"
#include "analysis/surface/sample_surface.h"
#include "trainer/base/error.h"
#include "trainer/run/example_runs.h"
#include "trainer/run/run_folder.h"
#include "trainer/run/run_store.h"
#include "ui/workspace/open_run.h"
#include "ui/workspace/run_group.h"

namespace ui {
namespace {

constexpr int kTakeEveryMilliseconds = 100;
constexpr int kExampleJobs = 3;  ///< of each run: training, eigenvalues, surface

}  // namespace

/// The newest view of a surface that is being sampled.
struct Workbench::LiveSurface {
  std::mutex mutex;
  std::optional<SurfaceSnapshot> news;

  std::optional<SurfaceSnapshot> take() {
    const std::lock_guard lock(mutex);
    return std::exchange(news, std::nullopt);
  }
};

Workbench::Workbench(Session& session, JobQueue& jobs, std::filesystem::path runsFolder, QObject* parent)
    : QObject(parent), session_(session), jobs_(jobs), runsFolder_(std::move(runsFolder)) {
  files_.setMaxThreadCount(1);
  timer_.setInterval(kTakeEveryMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &Workbench::takeNews);
}

Workbench::~Workbench() { files_.waitForDone(); }

int Workbench::threadsPerLane() const { return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / 2); }

std::string Workbench::train(trainer::RunSpec spec, const TrainWishes& wishes) {
  if (spec.threads == 0) spec.threads = threadsPerLane();
  spec = trainer::resolve(spec, nullptr);
  std::filesystem::path folder = trainer::newRunFolder(runsFolder_, spec);
  for (int i = 2; session_.find(folder.string()) != nullptr; ++i) folder = trainer::newRunFolder(runsFolder_, spec).string() + "-" + std::to_string(i);
  SessionRun run;
  run.folder = folder.string();
  run.name = wishes.name.isEmpty() ? runName(spec) : wishes.name;
  run.group = wishes.group;
  run.spec = spec;
  session_.add(run);
  if (wishes.lambdaMax) lambdaWanted_.insert(run.folder);

  queueTraining(run.folder, QStringLiteral("Train %1 epochs").arg(spec.epochs), RunState::waiting,
                [spec, folder](const trainer::TrainObserver& observer, const trainer::Context& context, const trainer::TrainOptions& options) {
                  return trainer::train(spec, folder, observer, context, options);
                });
  return run.folder;
}

QString Workbench::trainGroup(const GroupPlan& plan) {
  QString group = plan.title;
  const QStringList taken = groupsOf(session_);
  for (int i = 2; taken.contains(group); ++i) group = QStringLiteral("%1 (%2)").arg(plan.title).arg(i);
  for (const GroupPlan::Run& run : plan.runs) train(run.spec, {.name = run.name, .group = group, .lambdaMax = plan.lambdaMax});
  return group;
}

void Workbench::resume(const std::string& folder) {
  const SessionRun* run = session_.find(folder);
  if (run == nullptr || trainingJob(folder) != 0 || run->spec.data.empty()) return;
  if (run->state != RunState::stopped && run->state != RunState::failed) return;
  const bool begun = run->state == RunState::stopped;
  trainer::RunSpec spec = run->spec;
  if (spec.threads == 0) spec.threads = threadsPerLane();
  const QString title = begun ? QStringLiteral("Go on from step %1").arg(run->record.steps) : QStringLiteral("Train %1 epochs").arg(spec.epochs);
  session_.update(folder, [](SessionRun& r) {
    r.state = RunState::waiting;
    r.elsewhere = false;
    r.message.clear();
  });
  queueTraining(folder, title, begun ? RunState::stopped : RunState::waiting,
                [folder, spec, begun](const trainer::TrainObserver& observer, const trainer::Context& context, const trainer::TrainOptions& options) {
                  return begun ? trainer::resumeTraining(folder, spec.device, spec.threads, observer, context, options) : trainer::train(spec, folder, observer, context, options);
                });
}

void Workbench::queueTraining(const std::string& folder, const QString& title, RunState before, TrainingWork work) {
  const auto live = std::make_shared<LiveTraining>();
  const auto record = std::make_shared<trainer::RunRecord>();
  training_[folder] = live;
  timer_.start();
  jobs_.add(
      {.title = title, .run = QString::fromStdString(folder), .kind = QStringLiteral("train"), .lane = Lane::training},
      [live, record, work = std::move(work)](const trainer::Context& context) {
        const trainer::TrainOptions options{.controls = live->controls(), .events = {}, .curvature = analysis::makeCurvatureTracker()};
        *record = work(live->observer(), context, options);
      },
      [this, folder, before, record](const JobInfo& info) { afterTraining(folder, info, before, *record); });
}

QString Workbench::adjust(const std::string& folder, const std::string& name, double value) {
  const auto found = training_.find(folder);
  if (found == training_.end()) return QStringLiteral("This run is not being trained here.");
  try {
    found->second->controls()->set(name, value);
  } catch (const std::invalid_argument& e) {
    return QString::fromUtf8(e.what());
  }
  return {};
}

std::int64_t Workbench::trainingJob(const std::string& folder) const {
  for (const JobInfo& job : jobs_.jobs())
    if (!isOver(job.state) && job.spec.kind == QStringLiteral("train") && job.spec.run.toStdString() == folder) return job.id;
  return 0;
}

void Workbench::afterTraining(const std::string& folder, const JobInfo& job, RunState before, const trainer::RunRecord& record) {
  if (const auto found = training_.find(folder); found != training_.end()) {
    takeTrainingNews(folder, *found->second);
    training_.erase(found);
  }
  session_.update(folder, [&](SessionRun& run) {
    run.message = job.message;
    if (job.state == JobState::failed) {  // what was done before it went on is still there
      run.state = before == RunState::stopped ? RunState::stopped : RunState::failed;
      return;
    }
    if (record.folder.empty()) {  // cancelled before it began
      run.state = before == RunState::stopped ? RunState::stopped : RunState::failed;
      if (before != RunState::stopped) run.message = QStringLiteral("Cancelled before training began.");
      return;
    }
    run.record = record;
    run.message = QString::fromStdString(record.reason);
    run.state = stateOf(record.status);
  });
  const SessionRun* run = session_.find(folder);
  if (run != nullptr && (job.state == JobState::failed || run->state == RunState::diverged)) emit failed(QStringLiteral("%1: %2").arg(run->name, run->message));
  const bool trained = run != nullptr && run->state == RunState::completed;
  const bool ofExample = example_.contains(folder);
  exampleStep(folder, !trained);
  if (ofExample && trained) measureExample(folder);
  if (lambdaWanted_.erase(folder) > 0 && trained) {
    analysis::SpectrumSpec spectrum;
    spectrum.measure.run = folder;
    spectrum.bottom = 0;
    measureSpectrum(spectrum);
  }
}

void Workbench::measureExample(const std::string& folder) {
  analysis::SpectrumSpec spectrum;
  spectrum.measure.run = folder;
  spectrum.top = 5;
  spectrum.bottom = 2;
  measureSpectrum(spectrum);
  analysis::SurfaceSpec surface;
  surface.measure.run = folder;
  surface.y = surface.x;
  sampleSurface(surface);
}

void Workbench::sampleSurface(analysis::SurfaceSpec spec, const std::shared_ptr<const analysis::SurfaceResult>& known) {
  if (spec.measure.threads == 0) spec.measure.threads = threadsPerLane();
  const std::string folder = spec.measure.run;
  const auto result = std::make_shared<analysis::SurfaceResult>();
  result->spec = spec;
  const auto live = std::make_shared<LiveSurface>();
  const auto file = std::make_shared<std::string>();
  if (spec.y) {
    surfaces_[folder] = live;
    timer_.start();
  }
  const QString title = spec.y ? QStringLiteral("Surface %1 \u00D7 %2").arg(axisWord(spec.x.kind), axisWord(spec.y->kind)) : QStringLiteral("Slice along %1").arg(axisWord(spec.x.kind));
  jobs_.add(
      {.title = title, .run = QString::fromStdString(folder), .kind = spec.y ? QStringLiteral("surface") : QStringLiteral("slice"), .lane = Lane::analysis},
      [result, live, file, known](const trainer::Context& context) {
        const auto observe = [live](std::shared_ptr<const analysis::SurfaceGrid> grid, std::int64_t stride) {
          const std::lock_guard lock(live->mutex);
          const bool provisional = !grid->interpolated.empty() && !grid->promise;
          live->news = SurfaceSnapshot{.grid = std::move(grid), .stride = stride, .provisional = provisional};
        };
        result->grid = analysis::sampleSurface(result->spec, observe, context, known ? analysis::KnownPoints{known->spec, {known, &known->grid}} : analysis::KnownPoints{});
        if (result->grid.evaluations > 0) *file = analysis::saveResult(*result).string();
      },
      [this, folder, result, live, file](const JobInfo& info) {
        if (info.state == JobState::failed) emit failed(info.message);
        const auto found = surfaces_.find(folder);
        const bool newest = !result->spec.y || (found != surfaces_.end() && found->second == live);
        if (found != surfaces_.end() && found->second == live) surfaces_.erase(found);
        if (newest) session_.update(folder, [&](SessionRun& run) {
          if (result->spec.y) run.partialSurface = {};
          if (result->grid.evaluations == 0) return;
          run.take(sessionResult(result, *file));
        });
        exampleStep(folder, info.state != JobState::done);
      });
}

void Workbench::takeNews() {
  for (auto& [folder, live] : training_) takeTrainingNews(folder, *live);
  for (auto& [folder, live] : surfaces_)
    if (auto news = live->take()) session_.update(folder, [&](SessionRun& run) { run.partialSurface = std::move(*news); });
  if (training_.empty() && surfaces_.empty()) timer_.stop();
}

void Workbench::takeTrainingNews(const std::string& folder, LiveTraining& live) {
  LiveTraining::News news = live.take();
  if (news.empty()) return;
  session_.update(folder, [&](SessionRun& run) {
    if (news.resolved) {
      run.spec = *news.resolved;
      run.record.parameters = news.parameters;
      run.totalSteps = news.totalSteps;
      run.state = RunState::training;
    }
    addNews(run.record, news);
  });
}

void Workbench::startExample() {
  exampleFolders_.clear();
  for (trainer::RunSpec& spec : trainer::exampleRuns(0)) {
    const std::string folder = train(spec);
    example_[folder] = kExampleJobs;
    exampleFolders_.push_back(folder);
  }
  emit exampleChanged();
}

void Workbench::stopExample() {
  std::vector<std::int64_t> stop;
  for (const JobInfo& job : jobs_.jobs())
    if (std::ranges::find(exampleFolders_, job.spec.run.toStdString()) != exampleFolders_.end()) stop.push_back(job.id);
  for (const std::int64_t id : stop) jobs_.cancel(id);
}

void Workbench::exampleStep(const std::string& folder, bool ended) {
  const auto found = example_.find(folder);
  if (found == example_.end()) return;
  if (ended || --found->second == 0) example_.erase(found);
  emit exampleChanged();
}

}  // namespace ui
