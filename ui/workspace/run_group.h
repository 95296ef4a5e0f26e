// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "trainer/run/sweep_table.h"
#include "ui/workspace/session.h"

namespace ui {

/// The runs of a group in their order.
std::vector<const SessionRun*> runsOf(const Session& session, const QString& group);

/// Names of the groups in the order of their first runs.
QStringList groupsOf(const Session& session);

/// What the runs of a group have come to: settings are the flags in which they differ, the seed last. lambda_max is the one last measured, while training or afterwards; a run
/// that can be measured counts as completed only when it was trained to its end. As the table of `sharpscape sweep`, the best is chosen on validation data or not at all.
trainer::SweepTable tableOf(const std::vector<const SessionRun*>& runs);

/// "4 of 9" while runs are open, then "9 runs".
QString progressText(const std::vector<const SessionRun*>& runs);

/// "Best on validation: alpha 0.6, 97.10 ± 0.21 %; on test it has 96.90 %" or why there is none.
QString bestText(const trainer::SweepTable& table);

}  // namespace ui
