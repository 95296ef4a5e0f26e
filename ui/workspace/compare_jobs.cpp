// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/compare_jobs.h"

#include <algorithm>
#include <ranges>

#include "analysis/comparison/compare_runs.h"

namespace ui {
namespace {

/// What a table is made of, as CompareSpec::measures names it.
std::vector<std::string> measuresIn(const analysis::ComparisonEvidence& evidence) {
  std::vector<std::string> out;
  const auto any = [&](const char* word, const auto& has) {
    if (std::ranges::any_of(evidence.runs, has)) out.emplace_back(word);
  };
  any("curvature", [](const analysis::RunEvidence& e) { return e.pairs != nullptr; });
  any("trace", [](const analysis::RunEvidence& e) { return e.trace != nullptr; });
  any("sharpness", [](const analysis::RunEvidence& e) { return e.sharpness != nullptr; });
  if (evidence.matched) out.emplace_back("equal-loss");
  any("barriers", [](const analysis::RunEvidence& e) { return e.path != nullptr; });
  any("items", [](const analysis::RunEvidence& e) { return e.answers != nullptr; });
  return out;
}

/// The samples, precision and policy that something was measured with already; where nothing was, the usual ones.
analysis::MeasureSpec measureIn(const analysis::ComparisonEvidence& evidence) {
  for (const analysis::RunEvidence& e : evidence.runs) {
    analysis::MeasureSpec m;
    if (e.pairs) m = e.pairs->spec.measure;
    else if (e.trace) m = e.trace->spec.measure;
    else if (e.sharpness) m = e.sharpness->spec.measure;
    else continue;
    m.step = "last";
    m.threads = 0;
    m.memoryBytes = 0;
    return m;
  }
  return {};
}

std::int64_t evaluatedStep(const SessionRun& run) { return run.record.evaluations.empty() ? -1 : run.record.evaluations.back().step; }

}  // namespace

std::vector<const SessionRun*> comparableRuns(const Session& session) {
  std::vector<const SessionRun*> runs;
  const SessionRun* baseline = session.baseline();
  const auto can = [](const SessionRun& run) { return run.visible && !run.record.evaluations.empty(); };
  if (baseline != nullptr && can(*baseline)) runs.push_back(baseline);
  for (const SessionRun& run : session.runs())
    if (can(run) && &run != baseline) runs.push_back(&run);
  return runs;
}

CompareJobs::CompareJobs(Session& session, JobQueue& jobs, QObject* parent) : QObject(parent), session_(session), jobs_(jobs) {
  connect(&jobs_, &JobQueue::changed, this, [this](qint64 id) {
    if (id == job_) emit changed();
  });
}

analysis::RunEvidence CompareJobs::evidenceOf(const SessionRun& run, const std::string& baseline) const {
  analysis::RunEvidence e;
  e.folder = run.folder;
  e.name = run.name.toStdString();
  e.spec = run.spec;
  e.record = run.record;
  e.record.folder = run.folder;
  e.trainItems = run.record.trainItems > 0 ? run.record.trainItems : run.trainSamples;
  e.pairs = run.parts.pairs;
  e.trace = run.parts.trace;
  e.sharpness = run.sharpness;
  const auto found = kept_.find(run.folder);
  if (found == kept_.end() || found->second.evidence.step != evaluatedStep(run)) return e;  // it was trained further
  const analysis::RunEvidence& kept = found->second.evidence;
  if (kept.trainItems > 0) e.trainItems = kept.trainItems;
  e.validationItems = kept.validationItems;
  e.testItems = kept.testItems;
  e.answers = kept.answers;
  // Measured alike in every run: before what the session has.
  if (kept.pairs) e.pairs = kept.pairs;
  if (kept.trace) e.trace = kept.trace;
  if (kept.sharpness) e.sharpness = kept.sharpness;
  if (found->second.baseline == baseline) e.path = kept.path;
  return e;
}

analysis::ComparisonEvidence CompareJobs::evidence() const {
  analysis::ComparisonEvidence out;
  const std::vector<const SessionRun*> runs = comparableRuns(session_);
  for (const SessionRun* run : runs) out.runs.push_back(evidenceOf(*run, runs.front()->folder));
  if (!matched_) return out;
  const auto has = [&](const SessionRun* run) { return std::ranges::find(matched_->matched.runs, run->folder, &analysis::MatchedRun::run) != matched_->matched.runs.end(); };
  if (std::ranges::all_of(runs, has)) out.matched = matched_;
  return out;
}

analysis::CompareSpec CompareJobs::spec() const {
  analysis::CompareSpec spec;
  const analysis::ComparisonEvidence known = evidence();
  spec.measures = measuresIn(known);
  spec.measure = measureIn(known);
  for (const SessionRun* run : comparableRuns(session_)) {
    spec.runs.push_back(run->folder);
    spec.names.push_back(run->name.toStdString());
  }
  if (!spec.runs.empty()) spec.baseline = spec.measure.run = spec.runs.front();
  return spec;
}

void CompareJobs::measure(const std::vector<std::string>& measures, int threads) {
  if (running()) return;
  analysis::CompareSpec spec = this->spec();
  spec.measures = measures;
  spec.measure.threads = threads;
  std::erase_if(spec.runs, [this](const std::string& folder) { return !session_.find(folder)->measurable(); });
  spec.names.clear();
  for (const std::string& folder : spec.runs) spec.names.push_back(session_.find(folder)->name.toStdString());
  if (spec.runs.size() < 2) return;
  spec.baseline = spec.measure.run = spec.runs.front();
  const auto made = std::make_shared<analysis::ComparedRuns>();
  job_ = jobs_.add(
      {.title = QStringLiteral("Compare %1 runs").arg(spec.runs.size()), .run = QString::fromStdString(spec.baseline), .kind = QStringLiteral("compare"), .lane = Lane::analysis},
      [made, spec](const trainer::Context& context) { *made = analysis::compareRuns(spec, context); },
      [this, made, baseline = spec.baseline](const JobInfo& info) {
        job_ = 0;
        if (info.state == JobState::failed) emit failed(info.message);
        take(made->evidence, baseline);
        emit changed();
      });
  emit changed();
}

void CompareJobs::take(const analysis::ComparisonEvidence& evidence, const std::string& baseline) {
  for (const analysis::RunEvidence& e : evidence.runs) {
    Kept& kept = kept_[e.folder];
    analysis::RunEvidence next = e;
    // A comparison that asked for less does not forget what was measured before at the same step.
    if (kept.evidence.step == e.step) {
      if (!next.pairs) next.pairs = kept.evidence.pairs;
      if (!next.trace) next.trace = kept.evidence.trace;
      if (!next.sharpness) next.sharpness = kept.evidence.sharpness;
      if (!next.answers) next.answers = kept.evidence.answers;
      if (!next.path && kept.baseline == baseline) next.path = kept.evidence.path;
    }
    next.record = {};  // the session has it
    kept = {.evidence = std::move(next), .baseline = baseline};
    session_.update(e.folder, [&](SessionRun& run) {
      if (e.pairs && run.parts.pairs != e.pairs) run.add(e.pairs);
      if (e.trace && run.parts.trace != e.trace) run.add(e.trace);
      if (e.sharpness) run.sharpness = e.sharpness;
    });
  }
  if (evidence.matched) matched_ = evidence.matched;
}

void CompareJobs::cancel() {
  if (job_ != 0) jobs_.cancel(job_);
}

QString CompareJobs::progress() const {
  if (job_ == 0) return {};
  const auto info = jobs_.job(job_);
  if (!info || info->state == JobState::queued) return QStringLiteral("waiting for the jobs before it");
  QString text = QStringLiteral("measuring");
  if (!info->progress.stage.empty()) text += QStringLiteral(": ") + QString::fromStdString(info->progress.stage);
  if (info->progress.total > 0) text += QStringLiteral(", %1 of %2 %3").arg(info->progress.done).arg(info->progress.total).arg(QString::fromStdString(info->progress.unit));
  return text;
}

}  // namespace ui
