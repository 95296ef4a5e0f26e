// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/report_curves.h"

#include <algorithm>
#include <cmath>

namespace analysis {
namespace {

TrainingPoint pointOf(const trainer::StepRecord& s) { return {s.step, s.epoch, s.seconds, s.gradientEvaluations}; }

}  // namespace

std::vector<EpochMean> epochMeans(const trainer::RunRecord& record) {
  std::vector<EpochMean> means;
  std::size_t count = 0;
  double loss = 0, gradient = 0;
  for (std::size_t i = 0; i < record.stepRecords.size(); ++i) {
    const trainer::StepRecord& s = record.stepRecords[i];
    ++count, loss += s.loss, gradient += s.gradientNorm;
    const bool last = i + 1 == record.stepRecords.size();
    if (!last && std::floor(record.stepRecords[i + 1].epoch - 1e-9) <= std::floor(s.epoch - 1e-9)) continue;
    means.push_back({pointOf(s), loss / static_cast<double>(count), gradient / static_cast<double>(count)});
    count = 0, loss = 0, gradient = 0;
  }
  return means;
}

TrainingPoint pointOf(const trainer::RunRecord& record, std::int64_t step) {
  const auto& steps = record.stepRecords;
  const auto at = std::lower_bound(steps.begin(), steps.end(), step, [](const trainer::StepRecord& s, std::int64_t n) { return s.step < n; });
  if (at != steps.end() && at->step == step) return pointOf(*at);
  return {step};
}

Figure curvesFigure(const std::vector<ReportRun>& runs) {
  Figure f;
  f.title = "Training";
  f.columns = 3;
  f.panelWidth = 250, f.panelHeight = 240;
  Panel loss{.title = "Batch loss", .x = {"step"}, .y = {"loss", Scale::log}, .series = {}, .fields = {}, .note = "mean of an epoch", .legend = true};
  Panel accuracy{.title = "Test accuracy", .x = {"step"}, .y = {"share right"}, .series = {}, .fields = {}, .note = "whole test set, after each epoch", .legend = true};
  Panel gradient{.title = "Gradient norm", .x = {"step"}, .y = {"||g||", Scale::log}, .series = {}, .fields = {}, .note = "of the batch at theta, mean of an epoch", .legend = true};
  for (std::size_t k = 0; k < runs.size(); ++k) {
    Series l{runs[k].name, {}, {}, {}, runStyle(k)}, a = l, g = l;
    for (const EpochMean& m : epochMeans(runs[k].record)) {
      l.x.push_back(static_cast<double>(m.at.step)), l.y.push_back(m.loss);
      g.x.push_back(static_cast<double>(m.at.step)), g.y.push_back(m.gradientNorm);
    }
    for (const auto& e : runs[k].record.evaluations) a.x.push_back(static_cast<double>(e.step)), a.y.push_back(e.testAccuracy);
    loss.series.push_back(std::move(l)), accuracy.series.push_back(std::move(a)), gradient.series.push_back(std::move(g));
  }
  // From the first look at it the accuracy of an untrained net would take most of the axis.
  double lowest = 1;
  for (const Series& s : accuracy.series)
    for (std::size_t i = s.y.size() / 10; i < s.y.size(); ++i) lowest = std::min(lowest, s.y[i]);
  accuracy.y.from = std::max(0.0, lowest - 0.1 * (1 - lowest) - 0.002), accuracy.y.to = 1;
  f.panels = {std::move(loss), std::move(accuracy), std::move(gradient)};
  f.caption = "Each run over its steps.";
  return f;
}

}  // namespace analysis
