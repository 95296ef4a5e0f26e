// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/comparison/tabulate.h"

namespace analysis {

/// What makes a run's setting: a hash of every flag that can change what is learned, its changes by hand and the step of an early end among them. Left out: seed, device, threads, what is
/// only written or tracked (checkpoint_every, curvature_*), and the path of data whose bytes are known by their hash.
std::string settingKey(const RunEvidence& run);

/// Runs, settings and flags of a comparison; fills Comparison::runs, settings, flags, baseline and baselineRun.
/// @throws std::invalid_argument  fewer than two runs, a folder twice, a baseline that is none of them
void groupRuns(const ComparisonEvidence& evidence, const CompareSpec& spec, Comparison& comparison);

}  // namespace analysis
