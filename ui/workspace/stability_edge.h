// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "trainer/run/stability_edge.h"
#include "ui/workspace/session.h"

namespace ui {

/// trainer::stabilityEdge() of a run of the session, its items where the data are known, its samples those of the last measurement.
trainer::StabilityEdge stabilityEdge(const SessionRun& run);

}  // namespace ui
