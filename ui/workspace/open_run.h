// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "ui/workspace/session.h"

namespace ui {

/// Everything the window shows of a run folder: settings, curves and the newest spectrum, surface and slice of its analyses. Results that cannot be read are
/// left out and named in `message`. Reads files: not for the GUI thread. @throws DataError, IoError where it is not a run.
SessionRun openRun(const std::filesystem::path& folder);

/// How a training that has ended stands in the session.
RunState stateOf(trainer::RunStatus status);

/// A short name for lists: the optimizer, and the data where it is not the digits.
QString runName(const trainer::RunSpec& spec);

}  // namespace ui
