// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/follow.h"

#include <QPointer>
#include <QtConcurrent>
#include <algorithm>
#include <filesystem>
#include <utility>

#include "analysis/spectrum/measure_spectrum.h"
#include "analysis/surface/sample_surface.h"
#include "trainer/base/error.h"
#include "trainer/run/run_store.h"
#include "ui/pages/measure_fields.h"
#include "ui/workspace/session.h"

namespace ui {
namespace {

constexpr int kLookEveryMilliseconds = 300;
constexpr std::int64_t kTop = 3, kBottom = 1;

/// Everything that is asked for, each saved as soon as it is there.
void measureFrame(FollowFrame& frame, const std::string& folder, const FollowSettings& wanted, int threads, const trainer::Context& context) {
  analysis::SurfaceSpec plane = wanted.spec;
  plane.measure.run = folder, plane.measure.step = std::to_string(frame.step);
  if (plane.measure.threads == 0) plane.measure.threads = threads;
  const auto sample = [&](const analysis::SurfaceSpec& spec) {
    auto result = std::make_shared<analysis::SurfaceResult>(analysis::SurfaceResult{spec, analysis::sampleSurface(spec, {}, context)});
    if (result->grid.stopped) throw trainer::Cancelled();
    frame.files.push_back(analysis::saveResult(*result).string());
    return result;
  };
  if (wanted.surface && plane.y) frame.surface = sample(plane);
  if (wanted.section) {
    plane.y.reset(), plane.orthogonalise = false;
    frame.section = sample(plane);
  }
  if (!wanted.eigenvalues) return;
  analysis::SpectrumResult spectrum;
  spectrum.spec.measure = plane.measure;
  spectrum.spec.top = kTop, spectrum.spec.bottom = kBottom;
  spectrum.spectrum = analysis::measureSpectrum(spectrum.spec, context);
  context.checkpoint();
  frame.files.push_back(analysis::saveResult(spectrum).string());
  frame.spectrum = std::make_shared<const analysis::SpectrumResult>(std::move(spectrum));
}

}  // namespace

struct Follow::Followed {
  FollowSettings settings;
  std::vector<FollowFrame> frames;
  bool on = true, looking = false, last = false;  ///< last: its training has ended, one more frame is due
  std::int64_t job = 0, jobStep = -1, doneStep = -1;
  double spent = 0, before = 0;  ///< seconds: of following; on before the present start
  QElapsedTimer clock;
  double seconds() const { return before + (on ? static_cast<double>(clock.elapsed()) / 1000 : 0); }
};

QJsonObject FollowSettings::toJson() const {
  return {{QStringLiteral("surface"), surface}, {QStringLiteral("section"), section}, {QStringLiteral("eigenvalues"), eigenvalues}, {QStringLiteral("share"), share},
          {QStringLiteral("keep"), qint64(keep)}};
}

void FollowSettings::take(const QJsonObject& json) {
  surface = json[QStringLiteral("surface")].toBool(surface), section = json[QStringLiteral("section")].toBool(section);
  eigenvalues = json[QStringLiteral("eigenvalues")].toBool(eigenvalues);
  share = std::clamp(json[QStringLiteral("share")].toDouble(share), 0.01, 1.0);
  keep = std::clamp<std::int64_t>(json[QStringLiteral("keep")].toInteger(keep), 1, 10'000);
}

Follow::Follow(Session& session, JobQueue& jobs, int threads, QObject* parent) : QObject(parent), session_(session), jobs_(jobs), queue_(&jobs), threads_(threads) {
  files_.setMaxThreadCount(1);
  timer_.setInterval(kLookEveryMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &Follow::look);
}

Follow::~Follow() {
  if (queue_)
    for (const auto& [folder, run] : runs_) queue_->cancel(run->job);
  files_.waitForDone();
}

void Follow::start(const std::string& folder, const FollowSettings& settings) {
  std::unique_ptr<Followed>& run = runs_[folder];
  if (!run) run = std::make_unique<Followed>();
  else if (run->on) run->before = run->seconds();
  run->settings = settings;
  run->on = true, run->last = false;
  run->clock.start();
  timer_.start();
  look();
  emit changed(QString::fromStdString(folder));
}

void Follow::stop(const std::string& folder) {
  const auto at = runs_.find(folder);
  if (at == runs_.end() || !at->second->on) return;
  at->second->before = at->second->seconds();
  at->second->on = false;
  jobs_.cancel(at->second->job);
  emit changed(QString::fromStdString(folder));
}

bool Follow::following(const std::string& folder) const {
  const auto at = runs_.find(folder);
  return at != runs_.end() && at->second->on;
}

const std::vector<FollowFrame>& Follow::frames(const std::string& folder) const {
  static const std::vector<FollowFrame> none;
  const auto at = runs_.find(folder);
  return at == runs_.end() ? none : at->second->frames;
}

double Follow::secondsFollowing(const std::string& folder) const {
  const auto at = runs_.find(folder);
  return at == runs_.end() ? 0 : at->second->spent;
}

double Follow::seconds(const std::string& folder) const {
  const auto at = runs_.find(folder);
  return at == runs_.end() ? 0 : at->second->seconds();
}

double Follow::share(const std::string& folder) const {
  const double all = seconds(folder);
  return all > 0 ? secondsFollowing(folder) / all : 0;
}

QString Follow::status(const std::string& folder) const {
  const auto at = runs_.find(folder);
  if (at == runs_.end()) return {};
  const Followed& run = *at->second;
  if (run.frames.empty()) return run.on ? QStringLiteral("waiting for a checkpoint") : QString();
  return QStringLiteral("%1 %2, newest at step %3; %4 % of the time (at most %5 %)")
      .arg(run.frames.size()).arg(run.frames.size() == 1 ? QStringLiteral("frame") : QStringLiteral("frames"), grouped(run.frames.back().step))
      .arg(100 * share(folder), 0, 'f', 0).arg(100 * run.settings.share, 0, 'f', 0);
}

/// Asks the file pool for the newest checkpoint of every run that is followed.
void Follow::look() {
  bool any = false;
  for (auto& [folder, run] : runs_) {
    if (!run->on) continue;
    any = true;
    if (std::exchange(run->looking, true)) continue;
    auto future = QtConcurrent::run(&files_, [folder = folder]() -> std::int64_t {
      try {
        const auto list = trainer::listCheckpoints(folder);
        return list.empty() ? -1 : list.back().step;
      } catch (const std::exception&) {
        return -1;  // not there yet
      }
    });
    future.then(this, [this, folder = folder](std::int64_t newest) { found(folder, newest); });
  }
  if (!any) timer_.stop();
}

void Follow::found(const std::string& folder, std::int64_t newest) {
  const auto at = runs_.find(folder);
  if (at == runs_.end()) return;
  Followed& run = *at->second;
  run.looking = false;
  if (!run.on) return;
  const SessionRun* shown = session_.find(folder);
  const bool training = shown == nullptr || shown->state == RunState::training || shown->state == RunState::waiting || shown->elsewhere;
  const std::optional<JobInfo> job = jobs_.job(run.job);
  const bool busy = job && !isOver(job->state);
  if (newest > std::max(run.doneStep, run.jobStep)) {
    // The end of the training is shown whatever it takes; before it the share decides.
    const bool allowed = run.frames.empty() || !training || share(folder) <= run.settings.share;
    if (busy && job->state == JobState::queued) jobs_.cancel(run.job);  // stale
    if (allowed && (!busy || job->state == JobState::queued)) measure(folder, newest);
  } else if (!training && !busy) {
    stop(folder);
  }
}

void Follow::measure(const std::string& folder, std::int64_t step) {
  Followed& run = *runs_.at(folder);
  const auto frame = std::make_shared<FollowFrame>();
  frame->step = run.jobStep = step;
  run.job = jobs_.add({.title = QStringLiteral("Follow: step %1").arg(step), .run = QString::fromStdString(folder), .kind = QStringLiteral("follow"), .lane = Lane::analysis},
                      [frame, folder, settings = run.settings, threads = threads_](const trainer::Context& context) { measureFrame(*frame, folder, settings, threads, context); },
                      [self = QPointer<Follow>(this), folder, frame](const JobInfo& info) {
                        if (self) self->take(folder, info, frame);
                      });
}

void Follow::take(const std::string& folder, const JobInfo& info, const std::shared_ptr<FollowFrame>& frame) {
  QTimer::singleShot(0, this, [this, id = info.id] { jobs_.remove(id); });
  Followed& run = *runs_.at(folder);
  run.spent += info.elapsedSeconds;
  if (run.job == info.id) run.jobStep = -1;
  if (info.state == JobState::failed) {
    emit failed(info.message);
    stop(folder);
    return;
  }
  if (info.state != JobState::done) return;
  run.doneStep = std::max(run.doneStep, frame->step);
  run.frames.push_back(*frame);
  while (static_cast<std::int64_t>(run.frames.size()) > run.settings.keep) {
    const auto gone = QtConcurrent::run(&files_, [files = run.frames.front().files] {
      std::error_code ignored;
      for (const std::string& file : files) std::filesystem::remove(file, ignored);
    });
    session_.update(folder, [&](SessionRun& shown) { std::erase(shown.surfaces, run.frames.front().surface); });
    run.frames.erase(run.frames.begin());
  }
  session_.update(folder, [&](SessionRun& shown) {
    if (frame->surface) shown.add(frame->surface);
    if (frame->section) shown.add(frame->section);
    if (frame->spectrum) shown.add(frame->spectrum);
  });
  emit changed(QString::fromStdString(folder));
}

}  // namespace ui
