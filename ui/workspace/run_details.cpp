// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/run_details.h"

#include <QStringList>
#include <cmath>

#include "ui/pages/measure_fields.h"
#include "ui/pages/train_curves.h"
#include "ui/scenes/height_scale.h"

namespace ui {
namespace {

QString number(double v, int digits = 4) { return QString::fromStdString(numberText(v, digits)); }
QString percent(double share) { return QStringLiteral("%1 %").arg(100 * share, 0, 'f', 2); }
const QString kDot = QStringLiteral(" \u00B7 ");

/// "AdamW", "SGD": the name without the sharpness method.
QString baseName(trainer::RunSpec spec) {
  spec.sharpness = "none";
  return QString::fromStdString(trainer::displayName(spec));
}

QString dataText(const trainer::RunSpec& s) {
  QStringList words{QString::fromStdString(s.data)};
  if (s.dataLimit) words << QStringLiteral("first %1").arg(grouped(*s.dataLimit));
  if (s.validation > 0) words << QStringLiteral("validation %1 %").arg(number(100 * s.validation));
  if (s.labelNoise > 0) words << QStringLiteral("label noise %1 %").arg(number(100 * s.labelNoise));
  if (s.augment == "standard") words << QStringLiteral("augmented");
  return words.join(kDot);
}

QString lossText(const trainer::RunSpec& s) {
  QString text = s.loss == "mse" ? QStringLiteral("mean square") : QStringLiteral("cross entropy");
  if (s.labelSmoothing > 0) text += QStringLiteral(", smoothing %1").arg(number(s.labelSmoothing));
  if (s.dropout > 0) text += QStringLiteral(", dropout %1").arg(number(s.dropout));
  return text;
}

QString optimizerText(const trainer::RunSpec& s) {
  QStringList words{baseName(s)};
  if (s.momentum) words << (s.nesterov ? QStringLiteral("Nesterov %1") : QStringLiteral("momentum %1")).arg(number(*s.momentum));
  if (s.beta1 && s.beta2) words << QStringLiteral("\u03B2 %1, %2").arg(number(*s.beta1), number(*s.beta2, 6));
  if (s.weightDecay > 0) words << QStringLiteral("%1 %2").arg(s.weightDecayMode == "decoupled" ? QStringLiteral("decay") : QStringLiteral("L2"), number(s.weightDecay));
  if (s.clipNorm) words << QStringLiteral("clip %1").arg(number(*s.clipNorm));
  return words.join(kDot);
}

QString methodName(const std::string& method) {
  static const std::pair<const char*, const char*> names[] = {{"sam", "SAM"}, {"asam", "ASAM"}, {"gsam", "GSAM"}, {"looksam", "LookSAM"}, {"friendly-sam", "friendly SAM"}};
  for (const auto& [word, name] : names)
    if (method == word) return QString::fromLatin1(name);
  return QString::fromStdString(method);
}

QString sharpnessText(const trainer::RunSpec& s) {
  if (s.sharpness == "none") return QStringLiteral("plain");
  QStringList words{methodName(s.sharpness)};
  if (s.rho) words << QStringLiteral("\u03C1 %1").arg(number(*s.rho));
  if (s.alpha) words << QStringLiteral("\u03B1 %1").arg(number(*s.alpha));
  if (s.sharpness == "penalty" && s.rho && s.alpha) words << QStringLiteral("\u03BB %1").arg(number(*s.rho * *s.alpha));
  if (s.penaltyProduct == "exact") words << QStringLiteral("exact");
  if (s.referenceTerm == "unit") words << QStringLiteral("unit reference");
  if (s.perturbation && *s.perturbation != "gradient") words << QString::fromStdString(*s.perturbation);
  if (s.perturbOnly && *s.perturbOnly != "all") words << QStringLiteral("on %1").arg(QString::fromStdString(*s.perturbOnly));
  if (s.perturbEvery.value_or(1) > 1) words << QStringLiteral("every %1 steps").arg(*s.perturbEvery);
  if (s.perturbationGroup) words << QStringLiteral("m %1").arg(*s.perturbationGroup);
  if (s.penaltyWarmup && *s.penaltyWarmup != "none") words << QStringLiteral("warm-up %1").arg(QString::fromStdString(*s.penaltyWarmup));
  return words.join(kDot);
}

QString rateText(const SessionRun& run) {
  const trainer::RunSpec& s = run.spec;
  QString text = number(s.learningRate.value_or(0)) + kDot + QString::fromStdString(s.schedule);
  if (s.warmupSteps > 0) text += QStringLiteral(", warm-up %1 steps").arg(grouped(s.warmupSteps));
  return text;
}

void addResults(RunDetails& details, const SessionRun& run) {
  const auto add = [&](const char* name, const QString& value) { details.emplace_back(QString::fromUtf8(name), value); };
  if (!run.record.evaluations.empty()) {
    const trainer::EvaluationRecord& e = run.record.evaluations.back();
    add("Train", percent(e.trainAccuracy) + kDot + QStringLiteral("loss ") + number(e.trainLoss));
    if (!std::isnan(e.validationAccuracy)) add("Validation", percent(e.validationAccuracy) + kDot + QStringLiteral("loss ") + number(e.validationLoss));
    if (!std::isnan(e.testAccuracy)) add("Test", percent(e.testAccuracy) + kDot + QStringLiteral("loss ") + number(e.testLoss));
  }
  const auto addAverage = [&](const char* name, const std::vector<trainer::EvaluationRecord>& evaluations) {
    if (!evaluations.empty()) add(name, QStringLiteral("test ") + percent(evaluations.back().testAccuracy) + kDot + QStringLiteral("loss ") + number(evaluations.back().testLoss));
  };
  addAverage("EMA", run.record.emaEvaluations);
  addAverage("SWA", run.record.swaEvaluations);
  if (run.record.parameterNorm > 0) add("\u2016\u03B8\u2016", number(run.record.parameterNorm));
  const auto withResidual = [](double value, double residual) { return QStringLiteral("%1, residual %2").arg(number(value), number(residual, 2)); };
  const auto& tracked = run.record.curvature;
  const bool fresh = run.spectrum && (tracked.empty() || run.spectrum->spectrum.step >= tracked.back().step);
  if (fresh && !run.spectrum->spectrum.top.empty()) add("\u03BBmax", withResidual(run.spectrum->spectrum.top.front().value, run.spectrum->spectrum.top.front().residual));
  if (!fresh && !tracked.empty() && !std::isnan(tracked.back().lambdaMax)) add("\u03BBmax", withResidual(tracked.back().lambdaMax, tracked.back().residual));
  if (run.spectrum && !run.spectrum->spectrum.bottom.empty()) {
    const analysis::Eigenvalue& lowest = run.spectrum->spectrum.bottom.front();
    add("\u03BBmin", withResidual(lowest.value, lowest.residual));
  }
  if (tracked.empty()) return;
  for (const trainer::TrackedValue& v : tracked.back().more) {
    if (std::isnan(v.value) || (fresh && v.name == "lambda-min")) continue;
    const QString error = std::isnan(v.error) ? QString() : QStringLiteral(" \u00B1 %1").arg(number(v.error, 2));
    add(measureName(v.name).toUtf8().constData(), number(v.value) + error);
  }
}

}  // namespace

RunDetails runDetails(const SessionRun& run) {
  RunDetails details;
  const auto add = [&](const char* name, const QString& value) { details.emplace_back(QString::fromUtf8(name), value); };
  const trainer::RunSpec& s = run.spec;
  add("Data", dataText(s));
  add("Model", QString::fromStdString(s.model) + (run.record.parameters > 0 ? QStringLiteral(" \u00B7 P ") + grouped(run.record.parameters) : QString()));
  add("Loss", lossText(s));
  add("Optimizer", optimizerText(s));
  add("Sharpness", sharpnessText(s));
  add("Rate", rateText(run));
  for (const trainer::RunEvent& event : run.record.events) add("By hand", eventText(event));
  const QString batch = s.batchSize == trainer::kAllItems ? QStringLiteral("all") : grouped(s.batchSize);
  add("Steps", grouped(run.record.steps) + (run.totalSteps > run.record.steps ? QStringLiteral(" of ") + grouped(run.totalSteps) : QString()));
  add("Epochs", grouped(s.epochs) + kDot + QStringLiteral("batch ") + batch);
  addResults(details, run);
  const QString threads = s.threads > 0 ? kDot + QStringLiteral("%1 %2").arg(s.threads).arg(s.threads == 1 ? QStringLiteral("thread") : QStringLiteral("threads")) : QString();
  add("Device", (s.device.empty() ? QStringLiteral("cpu") : QString::fromStdString(s.device)) + threads + kDot + (s.precision == "double" ? QStringLiteral("float64") : QStringLiteral("float32")));
  add("Seed", QString::number(s.seed));
  return details;
}

}  // namespace ui
