// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <utility>
#include <vector>

#include "ui/workspace/session.h"

namespace ui {

/// Names and values of what the session panel says of a run.
using RunDetails = std::vector<std::pair<QString, QString>>;
RunDetails runDetails(const SessionRun& run);

}  // namespace ui
