// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison/table_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "analysis/comparison/measure_rows.h"
#include "analysis/comparison/statistics.h"

namespace analysis {
namespace {

using trainer::EvaluationRecord;
using CellOf = std::function<MeasuredCell(std::size_t run)>;

/// Collects rows; a row nobody has a value for is dropped.
class Rows {
 public:
  Rows(const ComparisonEvidence& evidence, const CompareSpec& spec, const Comparison& comparison) : evidence_(evidence), spec_(spec), comparison_(comparison) {}

  std::vector<RowDraft> make() {
    quality();
    for (MeasuredRow& m : measureRows(evidence_, spec_, comparison_)) {
      CellOf cell = [&m](std::size_t i) { return m.cells[i]; };
      add(std::move(m.head), m.rule, cell);
    }
    cost();
    return std::move(drafts_);
  }

 private:
  const RunEvidence& run(std::size_t i) const { return evidence_.runs[i]; }

  void add(ComparedRow head, RowRule rule, const CellOf& cellOf) {
    RowDraft d{.row = std::move(head), .rule = rule, .how = {}};
    bool any = false;
    for (std::size_t i = 0; i < evidence_.runs.size(); ++i) {
      MeasuredCell m = cellOf(i);
      if (run(i).record.status == trainer::RunStatus::diverged && rule != RowRule::counted && rule != RowRule::timed) m = {.cell = {.note = "diverged"}};
      if (std::isnan(m.cell.value) && m.cell.note.empty()) m.cell.note = "not measured";
      any = any || !std::isnan(m.cell.value);
      d.row.runs.push_back(std::move(m.cell));
      d.how.push_back(std::move(m.how));
    }
    if (any) drafts_.push_back(std::move(d));
  }

  const EvaluationRecord* evaluation(std::size_t i) const {
    const trainer::RunRecord& r = run(i).record;
    const auto& list = spec_.measure.weights == "ema" ? r.emaEvaluations : spec_.measure.weights == "swa" ? r.swaEvaluations : r.evaluations;
    const auto at = std::ranges::find(list, comparison_.runs[i].step, &EvaluationRecord::step);
    return at == list.end() ? nullptr : &*at;
  }

  /// A number of the evaluation at the step compared.
  void evaluated(ComparedRow head, const std::function<ComparedCell(const RunEvidence&, const EvaluationRecord&)>& cell) {
    head.group = "Quality";
    add(std::move(head), RowRule::measured, [&](std::size_t i) -> MeasuredCell {
      const EvaluationRecord* e = evaluation(i);
      if (!e) return {.cell = {.note = fmt::format("not evaluated at step {}", comparison_.runs[i].step)}};
      return {.cell = cell(run(i), *e)};
    });
  }

  static ComparedCell accuracy(double value, std::int64_t items) {
    ComparedCell c{.value = value, .n = items};
    if (items > 0) c.error = std::sqrt(value * (1 - value) / static_cast<double>(items)), c.kind = ErrorKind::binomial;
    return c;
  }
  /// Its standard error over the items, where they are known one by one.
  static ComparedCell meanLoss(double value, std::int64_t items, const std::shared_ptr<const ItemAnswers>& answers) {
    ComparedCell c{.value = value, .n = items};
    if (!answers || answers->loss.size() < 2) return c;
    c.error = spreadOf(answers->loss).deviation / std::sqrt(static_cast<double>(answers->loss.size())), c.kind = ErrorKind::items;
    return c;
  }

  void quality() {
    evaluated({.key = "test_accuracy", .name = "test accuracy", .percent = true}, [](const auto& r, const auto& e) { return accuracy(e.testAccuracy, r.testItems); });
    evaluated({.key = "validation_accuracy", .name = "validation accuracy", .percent = true}, [](const auto& r, const auto& e) { return accuracy(e.validationAccuracy, r.validationItems); });
    evaluated({.key = "train_accuracy", .name = "train accuracy", .percent = true}, [](const auto& r, const auto& e) { return ComparedCell{.value = e.trainAccuracy, .n = r.trainItems}; });
    evaluated({.key = "test_loss", .name = "test loss"}, [](const auto& r, const auto& e) { return meanLoss(e.testLoss, r.testItems, r.answers); });
    evaluated({.key = "validation_loss", .name = "validation loss"}, [](const auto& r, const auto& e) { return meanLoss(e.validationLoss, r.validationItems, nullptr); });
    evaluated({.key = "train_loss", .name = "train loss"}, [](const auto& r, const auto& e) { return meanLoss(e.trainLoss, r.trainItems, nullptr); });
    evaluated({.key = "generalisation_gap", .name = "generalisation gap, test - train loss"}, [](const auto& r, const auto& e) {
      ComparedCell c = meanLoss(e.testLoss, r.testItems, r.answers);
      c.value = e.testLoss - e.trainLoss;
      return c;
    });
    evaluated({.key = "accuracy_gap", .name = "generalisation gap, train - test accuracy", .percent = true}, [](const auto& r, const auto& e) {
      ComparedCell c = accuracy(e.testAccuracy, r.testItems);
      c.value = e.trainAccuracy - e.testAccuracy;
      return c;
    });
  }

  const trainer::StepRecord* stepRecord(std::size_t i) const {
    const auto& list = run(i).record.stepRecords;
    const auto at = std::ranges::find(list, comparison_.runs[i].step, &trainer::StepRecord::step);
    return at == list.end() ? nullptr : &*at;
  }

  void cost() {
    const auto head = [](const char* key, const char* name) { return ComparedRow{.group = "Cost", .key = key, .name = name}; };
    add(head("gradients_per_step", "gradients a step"), RowRule::counted, [&](std::size_t i) -> MeasuredCell { return {.cell = {.value = gradientsPerStep(run(i).spec)}}; });
    add(head("steps", "steps"), RowRule::counted, [&](std::size_t i) -> MeasuredCell { return {.cell = {.value = static_cast<double>(comparison_.runs[i].step)}}; });
    add(head("gradient_evaluations", "gradient evaluations"), RowRule::counted, [&](std::size_t i) -> MeasuredCell {
      const trainer::StepRecord* s = stepRecord(i);
      return {.cell = {.value = s ? static_cast<double>(s->gradientEvaluations) : kNoValue}};
    });
    add(head("seconds", "seconds of training"), RowRule::timed, [&](std::size_t i) -> MeasuredCell {
      const trainer::StepRecord* s = stepRecord(i);
      return {.cell = {.value = s ? s->seconds : kNoValue}};
    });
  }

  const ComparisonEvidence& evidence_;
  const CompareSpec& spec_;
  const Comparison& comparison_;
  std::vector<RowDraft> drafts_;
};

}  // namespace

std::vector<RowDraft> draftRows(const ComparisonEvidence& evidence, const CompareSpec& spec, const Comparison& comparison) { return Rows(evidence, spec, comparison).make(); }

ComparedCell settingCell(const ComparedRow& row, const ComparedSetting& setting) {
  std::vector<double> values;
  ComparedCell mean;
  for (const std::size_t i : setting.runs) {
    const ComparedCell& c = row.runs[i];
    mean.converged = mean.converged && c.converged;
    if (std::isnan(c.value)) {
      if (mean.note.empty()) mean.note = c.note;
      continue;
    }
    values.push_back(c.value);
    if (!(c.error <= mean.ownError)) mean.ownError = std::isnan(c.error) ? mean.ownError : c.error, mean.ownKind = std::isnan(c.error) ? mean.ownKind : c.kind;
  }
  if (values.size() == 1 && setting.runs.size() == 1) {
    mean = row.runs[setting.runs.front()];
    mean.n = 1;
    return mean;
  }
  const Spread s = spreadOf(values);
  mean.value = s.mean, mean.n = s.n;
  if (s.n > 1) mean.error = s.deviation, mean.kind = ErrorKind::seeds;
  if (!values.empty() && values.size() < setting.runs.size()) mean.note = fmt::format("{} of {} seeds: {}", values.size(), setting.runs.size(), mean.note);
  return mean;
}

}  // namespace analysis
