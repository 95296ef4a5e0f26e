// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/stability_edge.h"

#include "ui/forms/run_cost.h"

namespace ui {
namespace {

bool hasBatchNorm(const std::string& model) {
  if (model.starts_with("resnet")) return model.find("-nobn") == std::string::npos;
  return model.starts_with("wrn") || model.find("_bn") != std::string::npos;
}

bool fullBatch(const trainer::RunSpec& s) {
  const auto items = knownItems(s);
  return s.batchSize == trainer::kAllItems || (items && s.batchSize >= *items);
}

/// It takes the samples asked for, or all where there are fewer.
bool measuredOnAll(const SessionRun& run) {
  if (run.record.curvature.empty()) return true;
  const std::int64_t samples = run.record.curvature.back().samples;
  constexpr std::int64_t kUsualSamples = 1024;
  if (samples < run.spec.curvatureSamples.value_or(kUsualSamples)) return true;
  const auto items = knownItems(run.spec);
  return items && samples >= *items;
}

QString reasonOf(const SessionRun& run) {
  const trainer::RunSpec& s = run.spec;
  if (!fullBatch(s)) return QStringLiteral("with mini-batches it is not \u03BBmax that settles there");
  if (s.optimizer != "sgd") return QStringLiteral("%1 steps along another metric").arg(QString::fromStdString(trainer::displayName(s)));
  if (s.sharpness != "none") return QStringLiteral("its steps follow another gradient than that of the loss");
  if (s.clipNorm) return QStringLiteral("its steps are clipped");
  if (s.weightDecay > 0 && s.weightDecayMode == "decoupled") return QStringLiteral("its weight decay is not part of the loss");
  if (s.dropout > 0 || s.augment == "standard") return QStringLiteral("dropout and augmentation change the loss at every step");
  if (hasBatchNorm(s.model)) return QStringLiteral("the loss it steps on uses the statistics of the batch, the measured one running statistics");
  if (!measuredOnAll(run)) return QStringLiteral("\u03BBmax is measured on a part of the training set; choose more samples");
  return {};
}

}  // namespace

StabilityEdge stabilityEdge(const SessionRun& run) {
  if (const QString reason = reasonOf(run); !reason.isEmpty()) return {.factor = {}, .formula = {}, .reason = QStringLiteral("%1: no 2/\u03B7 line, %2.").arg(run.name, reason)};
  const double beta = run.spec.momentum.value_or(0);
  if (beta == 0) return {.factor = 2, .formula = QStringLiteral("2/\u03B7"), .reason = {}};
  if (run.spec.nesterov) return {.factor = 2 * (1 + beta) / (1 + 2 * beta), .formula = QStringLiteral("2(1+\u03B2)/(\u03B7(1+2\u03B2))"), .reason = {}};
  return {.factor = 2 * (1 + beta), .formula = QStringLiteral("2(1+\u03B2)/\u03B7"), .reason = {}};
}

}  // namespace ui
