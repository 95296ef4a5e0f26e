// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <optional>

#include "ui/workspace/session.h"

namespace ui {

/// Above which lambda_max a run's own steps would overshoot, as a multiple of 1 / learning rate. It is known for full-batch gradient descent on the very
/// loss whose Hessian is measured: 2 (Cohen et al. 2021), heavy ball 2 (1 + beta), Nesterov 2 (1 + beta) / (1 + 2 beta).
struct StabilityEdge {
  std::optional<double> factor;
  QString formula;  ///< "2/eta", with the letter
  QString reason;   ///< why there is none, a sentence; empty where there is one
};

StabilityEdge stabilityEdge(const SessionRun& run);

}  // namespace ui
