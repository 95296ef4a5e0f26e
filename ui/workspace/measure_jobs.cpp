// SPDX-License-Identifier: GPL-3.0-or-later
#include <QPointer>

#include "analysis/check/check_run.h"
#include "analysis/invariance/measure_invariance.h"
#include "analysis/sharpness/measure_sharpness.h"
#include "analysis/spectrum/measure_spectrum.h"
#include "ui/workspace/workbench.h"

/// The measures of the Curvature page and the preview of axes as jobs.
namespace ui {
namespace {

/// "Eigenvalues, top 5 and bottom 2, density 20 x 40, trace".
QString spectrumTitle(const analysis::SpectrumSpec& spec) {
  QStringList words;
  if (spec.top + spec.bottom > 0) words << QStringLiteral("eigenvalues, top %1 and bottom %2").arg(spec.top).arg(spec.bottom);
  if (spec.densityProbes > 0) words << QStringLiteral("density %1 \u00D7 %2").arg(spec.densityProbes).arg(spec.densitySteps);
  if (!spec.trace.empty()) words << QStringLiteral("trace");
  if (spec.layers) words << QStringLiteral("by layer");
  if (spec.extrapolate) words << QStringLiteral("over N");
  QString title = words.join(QStringLiteral(", "));
  if (!title.isEmpty()) title[0] = title[0].toUpper();
  return title;
}

}  // namespace

template <class Result, class Measure, class Worth>
void Workbench::queueMeasure(const QString& title, const QString& kind, std::shared_ptr<Result> result, Measure measure, Worth worth) {
  if (result->spec.measure.threads == 0) result->spec.measure.threads = threadsPerLane();
  const std::string folder = result->spec.measure.run;
  const auto file = std::make_shared<std::string>();
  jobs_.add(
      {.title = title, .run = QString::fromStdString(folder), .kind = kind, .lane = Lane::analysis},
      [result, measure, file](const trainer::Context& context) {
        measure(*result, context);
        *file = analysis::saveResult(*result).string();
      },
      [this, folder, result, worth, file](const JobInfo& info) {
        if (info.state == JobState::failed) emit failed(info.message);
        if (worth(*result)) session_.update(folder, [&](SessionRun& run) { run.take(sessionResult(std::shared_ptr<const Result>(result), *file)); });
        if (info.spec.kind == QStringLiteral("spectrum")) exampleStep(folder, info.state != JobState::done);
      });
}

void Workbench::measureSpectrum(analysis::SpectrumSpec spec) {
  const QString title = spectrumTitle(spec);
  const auto result = std::make_shared<analysis::SpectrumResult>(analysis::SpectrumResult{.spec = std::move(spec), .spectrum = {}});
  queueMeasure(
      title, QStringLiteral("spectrum"), result,
      [](analysis::SpectrumResult& r, const trainer::Context& context) { r.spectrum = analysis::measureSpectrum(r.spec, context); },
      [](const analysis::SpectrumResult& r) { return r.spectrum.samples > 0; });
}

void Workbench::measureSharpness(analysis::SharpnessSpec spec) {
  const auto result = std::make_shared<analysis::SharpnessResult>(analysis::SharpnessResult{.spec = std::move(spec), .sharpness = {}});
  queueMeasure(
      QStringLiteral("Sharpness"), QStringLiteral("sharpness"), result,
      [](analysis::SharpnessResult& r, const trainer::Context& context) { r.sharpness = analysis::measureSharpness(r.spec, context); },
      [](const analysis::SharpnessResult& r) { return !r.sharpness.measures.empty(); });
}

void Workbench::measureInvariance(analysis::InvarianceSpec spec) {
  const auto result = std::make_shared<analysis::InvarianceResult>(analysis::InvarianceResult{.spec = std::move(spec), .invariance = {}});
  queueMeasure(
      QStringLiteral("Invariance lab"), QStringLiteral("invariance"), result,
      [](analysis::InvarianceResult& r, const trainer::Context& context) { r.invariance = analysis::measureInvariance(r.spec, context); },
      [](const analysis::InvarianceResult& r) { return !r.invariance.outcomes.empty(); });
}

void Workbench::checkRun(analysis::CheckSpec spec) {
  const auto result = std::make_shared<analysis::CheckResult>(analysis::CheckResult{.spec = std::move(spec), .report = {}});
  queueMeasure(
      QStringLiteral("Self-check"), QStringLiteral("check"), result,
      [](analysis::CheckResult& r, const trainer::Context& context) { r.report = analysis::checkRun(r.spec, context); },
      [](const analysis::CheckResult& r) { return !r.report.checks.empty(); });
}

void Workbench::previewAxes(analysis::SurfaceSpec spec, QObject* owner, ShowPreview shown) {
  if (spec.measure.threads == 0) spec.measure.threads = threadsPerLane();
  jobs_.cancel(preview_);
  const auto preview = std::make_shared<analysis::AxesPreview>();
  const QString run = QString::fromStdString(spec.measure.run);
  preview_ = jobs_.add(
      {.title = QStringLiteral("Preview of the axes"), .run = run, .kind = QStringLiteral("preview"), .lane = Lane::interactive},
      [preview, spec = std::move(spec)](const trainer::Context& context) { *preview = analysis::previewAxes(spec, context); },
      [this, preview, shown = std::move(shown), owner = QPointer<QObject>(owner)](const JobInfo& info) {
        if (owner && info.state == JobState::done) shown(*preview, {});
        if (owner && info.state == JobState::failed) shown({}, info.message);
        QTimer::singleShot(0, this, [this, id = info.id] { jobs_.remove(id); });
      });
}

}  // namespace ui
