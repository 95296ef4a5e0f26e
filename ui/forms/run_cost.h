// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "ui/workspace/session.h"

namespace ui {

/// What a run will take, before it is trained.
struct RunCost {
  double gradientsPerStep = 1;
  std::optional<std::int64_t> steps;  ///< empty while the size of the data is unknown
  bool aboutSteps = false;            ///< from a run with another batch size: to one step an epoch
  std::optional<double> seconds;      ///< empty while no run like it has taken a step
  QString from;                       ///< the run whose pace it is
};

/// The pace (gradients a second) is that of the newest run with the same data, model, batch, precision, device and threads; 0 threads stand for
/// `threads`. Evaluation and saving are left out, as in the `seconds` of a run.
RunCost costOf(const trainer::RunSpec& resolved, const std::vector<SessionRun>& runs, std::int64_t threads);

/// "2.00 gradients a step, 920 steps, about 4.8 s at the pace of SAM".
QString costText(const RunCost& cost);

/// Items of the training set where it is built in and nothing but a limit changes it; else empty.
std::optional<std::int64_t> knownItems(const trainer::RunSpec& spec);

}  // namespace ui
