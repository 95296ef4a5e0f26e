// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison/tabulate.h"

#include <algorithm>
#include <optional>

#include "analysis/comparison/contrasts.h"
#include "analysis/comparison/fairness.h"
#include "analysis/comparison/group_runs.h"

namespace analysis {
namespace {

/// What the measures have in common; 0 and empty where they do not.
struct Common {
  std::int64_t samples = 0;
  std::string split, batchNorm, precision, device;
  bool operator==(const Common&) const = default;
};

void fillCommon(const ComparisonEvidence& evidence, Comparison& c) {
  std::optional<Common> common;
  bool alike = true;
  const auto take = [&](const Common& found) {
    alike = alike && (!common || *common == found);
    common = found;
  };
  for (const RunEvidence& e : evidence.runs) {
    for (const auto& s : {e.pairs, e.trace})
      if (s) take({s->spectrum.samples, s->spec.measure.split, s->spectrum.batchNorm, s->spectrum.precision, s->spectrum.device});
    if (e.sharpness) take({e.sharpness->sharpness.samples, e.sharpness->spec.measure.split, e.sharpness->sharpness.batchNorm, e.sharpness->sharpness.precision, e.sharpness->sharpness.device});
  }
  if (common && alike) c.samples = common->samples, c.split = common->split, c.batchNorm = common->batchNorm, c.precision = common->precision, c.device = common->device;
  if (evidence.matched) c.targetLoss = evidence.matched->matched.targetLoss;
}

std::size_t place(const std::string& group) {
  static const std::vector<std::string> order = {"Quality", "Curvature", "Sharpness", "Distance", "Cost"};
  return static_cast<std::size_t>(std::ranges::find(order, group) - order.begin());
}

}  // namespace

Comparison tabulate(const ComparisonEvidence& evidence, const CompareSpec& spec) {
  Comparison c;
  groupRuns(evidence, spec, c);
  fillCommon(evidence, c);
  std::vector<RowDraft> drafts = draftRows(evidence, spec, c);
  std::ranges::stable_sort(drafts, {}, [](const RowDraft& d) { return place(d.row.group); });
  for (RowDraft& d : drafts) {
    for (const ComparedSetting& s : c.settings) d.row.settings.push_back(settingCell(d.row, s));
    d.row.contrasts = contrastsOf(d, evidence, c);
    c.rows.push_back(std::move(d.row));
  }
  adjust(c, spec.level);
  c.fairness = fairnessOf(evidence, spec, c);
  return c;
}

}  // namespace analysis
