// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/run_group.h"

#include <QStringList>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "ui/pages/train_curves.h"

namespace ui {
namespace {

/// Flags that are no settings of the experiment.
bool isIncidental(const std::string& key) {
  static constexpr const char* names[] = {"format_version", "program_version", "torch_version", "normalisation", "data_hash", "device", "threads", "seed"};
  return std::ranges::find(names, key) != std::end(names);
}

/// The keys of which not all runs have the same value.
std::vector<std::string> differing(const std::vector<nlohmann::ordered_json>& specs) {
  std::vector<std::string> keys;
  for (const auto& spec : specs)
    for (const auto& [key, value] : spec.items()) {
      if (isIncidental(key) || std::ranges::find(keys, key) != keys.end()) continue;
      const auto same = [&, k = key](const nlohmann::ordered_json& other) { return other.contains(k) && other.at(k) == specs.front().value(k, nlohmann::ordered_json()); };
      if (!std::ranges::all_of(specs, same)) keys.push_back(key);
    }
  return keys;
}

trainer::SweepStatus statusOf(RunState state) {
  switch (state) {
    case RunState::completed: return trainer::SweepStatus::completed;
    case RunState::diverged: return trainer::SweepStatus::diverged;
    case RunState::failed:
    case RunState::missing:
    case RunState::opened: return trainer::SweepStatus::failed;
    case RunState::training:
    case RunState::stopped: return trainer::SweepStatus::stopped;
    case RunState::waiting: return trainer::SweepStatus::waiting;
  }
  return trainer::SweepStatus::waiting;
}

trainer::SweepRow rowOf(const SessionRun& run) {
  using enum trainer::SweepMeasure;
  trainer::SweepRow row{.name = run.name.toStdString(), .folder = run.folder, .settings = {}, .status = statusOf(run.state), .reason = run.message.toStdString()};
  const auto put = [&row](trainer::SweepMeasure measure, double value) {
    if (std::isfinite(value)) row.value(measure) = value;
  };
  if (!run.record.evaluations.empty()) {
    const trainer::EvaluationRecord& last = run.record.evaluations.back();
    put(trainLoss, last.trainLoss);
    put(validationAccuracy, last.validationAccuracy);
    put(testAccuracy, last.testAccuracy);
    put(testError, 1 - last.testAccuracy);
  }
  if (const auto lambda = lastLambdaMax(run)) put(lambdaMax, *lambda);
  put(parameterNorm, run.record.parameterNorm);
  put(seconds, run.record.seconds);
  return row;
}

QString percent(const trainer::Statistic& s) {
  const QString mean = QString::number(100 * s.mean, 'f', 2);
  return s.deviation ? QStringLiteral("%1 %, deviation over seeds %2").arg(mean, QString::number(100 * *s.deviation, 'f', 2)) : mean + QStringLiteral(" %");
}

}  // namespace

std::vector<const SessionRun*> runsOf(const Session& session, const QString& group) {
  std::vector<const SessionRun*> runs;
  for (const SessionRun& run : session.runs())
    if (run.group == group) runs.push_back(&run);
  return runs;
}

QStringList groupsOf(const Session& session) {
  QStringList groups;
  for (const SessionRun& run : session.runs())
    if (!run.group.isEmpty() && !groups.contains(run.group)) groups << run.group;
  return groups;
}

trainer::SweepTable tableOf(const std::vector<const SessionRun*>& runs) {
  std::vector<nlohmann::ordered_json> specs;
  for (const SessionRun* run : runs) specs.push_back(trainer::toJson(run->spec));
  const std::vector<std::string> keys = differing(specs);
  std::vector<trainer::SweepRow> rows;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    trainer::SweepRow row = rowOf(*runs[i]);
    for (const std::string& key : keys) row.settings[key] = specs[i].value(key, nlohmann::ordered_json());
    row.settings["seed"] = runs[i]->spec.seed;
    rows.push_back(std::move(row));
  }
  return trainer::aggregate(std::move(rows));
}

QString progressText(const std::vector<const SessionRun*>& runs) {
  const auto open = std::ranges::count_if(runs, [](const SessionRun* r) { return r->state == RunState::waiting || r->state == RunState::training; });
  const auto count = static_cast<qsizetype>(runs.size());
  if (open > 0) return QStringLiteral("%1 of %2").arg(count - open).arg(count);
  return QStringLiteral("%1 %2").arg(count).arg(count == 1 ? QStringLiteral("run") : QStringLiteral("runs"));
}

QString bestText(const trainer::SweepTable& table) {
  if (!table.best) return QString::fromStdString(table.note);
  const trainer::SweepSetting& best = table.settings[*table.best];
  QString text = QStringLiteral("Best on validation: %1, %2; on test it has %3.")
                     .arg(QString::fromStdString(trainer::describe(best.settings)), percent(best.of(trainer::SweepMeasure::validationAccuracy)), percent(best.of(trainer::SweepMeasure::testAccuracy)));
  if (!table.note.empty()) text += QLatin1Char(' ') + QString::fromStdString(table.note);
  return text;
}

}  // namespace ui
