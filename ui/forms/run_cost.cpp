// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/run_cost.h"

#include <algorithm>
#include <cmath>
#include <ranges>

#include "ui/pages/measure_fields.h"

namespace ui {
namespace {

constexpr std::int64_t kDigits = 1442;  ///< training images of the built-in digits

std::int64_t perEpoch(std::int64_t items, std::int64_t batch) { return batch == trainer::kAllItems ? 1 : (items + batch - 1) / batch; }

bool sameData(const trainer::RunSpec& a, const trainer::RunSpec& b) { return a.data == b.data && a.dataLimit == b.dataLimit && a.validation == b.validation; }

bool samePace(const trainer::RunSpec& a, const trainer::RunSpec& b, std::int64_t threads) {
  const auto threadsOf = [threads](const trainer::RunSpec& s) { return s.threads == 0 ? threads : s.threads; };
  const bool sameDevice = a.device == b.device || a.device.empty() || b.device.empty();
  return sameData(a, b) && (a.model == b.model || a.model.empty()) && a.batchSize == b.batchSize && a.precision == b.precision && sameDevice && threadsOf(a) == threadsOf(b);
}

void findSteps(RunCost& cost, const trainer::RunSpec& spec, const std::vector<SessionRun>& runs) {
  if (spec.batchSize == trainer::kAllItems) {
    cost.steps = spec.epochs;
    return;
  }
  if (const auto items = knownItems(spec)) {
    cost.steps = perEpoch(*items, spec.batchSize) * spec.epochs;
    return;
  }
  for (const SessionRun& run : runs | std::views::reverse) {
    if (!sameData(run.spec, spec) || run.totalSteps <= 0 || run.spec.epochs <= 0 || run.spec.batchSize == trainer::kAllItems) continue;
    const std::int64_t each = run.totalSteps / run.spec.epochs;
    cost.aboutSteps = run.spec.batchSize != spec.batchSize;
    cost.steps = (cost.aboutSteps ? perEpoch(each * run.spec.batchSize, spec.batchSize) : each) * spec.epochs;
    return;
  }
}

}  // namespace

std::optional<std::int64_t> knownItems(const trainer::RunSpec& spec) {
  if (spec.data != "digits" || spec.validation != 0) return std::nullopt;
  return std::min(kDigits, spec.dataLimit.value_or(kDigits));
}

RunCost costOf(const trainer::RunSpec& resolved, const std::vector<SessionRun>& runs, std::int64_t threads) {
  RunCost cost{.gradientsPerStep = trainer::gradientsPerStep(resolved), .steps = {}, .seconds = {}, .from = {}};
  findSteps(cost, resolved, runs);
  if (!cost.steps) return cost;
  for (const SessionRun& run : runs | std::views::reverse) {
    if (!samePace(resolved, run.spec, threads) || run.record.stepRecords.empty()) continue;
    const trainer::StepRecord& last = run.record.stepRecords.back();
    if (last.seconds <= 0 || last.gradientEvaluations <= 0) continue;
    const double secondsPerGradient = last.seconds / static_cast<double>(last.gradientEvaluations);
    cost.seconds = secondsPerGradient * cost.gradientsPerStep * static_cast<double>(*cost.steps);
    cost.from = run.name;
    break;
  }
  return cost;
}

QString costText(const RunCost& cost) {
  QString text = QStringLiteral("%1 gradients a step").arg(cost.gradientsPerStep, 0, 'f', 2);
  if (!cost.steps) return text + QStringLiteral("; steps and seconds: known once the data is read");
  text += QStringLiteral(", %1%2 steps").arg(cost.aboutSteps ? QStringLiteral("about ") : QString(), grouped(*cost.steps));
  if (!cost.seconds) return text + QStringLiteral("; seconds: known after the first steps");
  const double s = *cost.seconds;
  const QString time = s < 120 ? QStringLiteral("%1 s").arg(s, 0, 'g', 2) : s < 7200 ? QStringLiteral("%1 min").arg(s / 60, 0, 'f', 0) : QStringLiteral("%1 h").arg(s / 3600, 0, 'f', 1);
  return text + QStringLiteral(", about %1 at the pace of %2").arg(time, cost.from);
}

}  // namespace ui
