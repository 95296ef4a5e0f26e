// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/stability_edge.h"

#include "ui/forms/run_cost.h"

namespace ui {

trainer::StabilityEdge stabilityEdge(const SessionRun& run) {
  std::optional<std::int64_t> items = knownItems(run.spec);
  if (!items && run.record.trainItems > 0) items = run.record.trainItems;
  return trainer::stabilityEdge(run.spec, items, run.record.curvature.empty() ? 0 : run.record.curvature.back().samples);
}

}  // namespace ui
