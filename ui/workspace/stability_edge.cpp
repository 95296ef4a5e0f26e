// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/stability_edge.h"

#include "ui/forms/run_cost.h"

namespace ui {

trainer::StabilityEdge stabilityEdge(const SessionRun& run) {
  return trainer::stabilityEdge(run.spec, knownItems(run.spec), run.record.curvature.empty() ? 0 : run.record.curvature.back().samples);
}

}  // namespace ui
