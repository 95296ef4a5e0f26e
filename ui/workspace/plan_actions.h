// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "trainer/run/run_spec.h"

class QMenu;
class QWidget;

namespace ui {

class RunForm;
class Session;
class Workbench;

/// The templates and the sweep in a menu. Their dialogs belong to `window`; what they plan is queued at once. A sweep is put over what `form` says.
void addPlans(QMenu* menu, QWidget* window, Session& session, Workbench& workbench, const RunForm& form);

/// "9 runs, 8,280 steps, 13,800 gradients, about 41 s at the pace of SAM, one after the other."
QString planCost(const std::vector<trainer::RunSpec>& specs, const Session& session, std::int64_t threads);

}  // namespace ui
