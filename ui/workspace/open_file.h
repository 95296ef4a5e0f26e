// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "ui/workspace/session.h"

namespace ui {

/// A result of Sharpscape (.json) as an entry of the session of its own, without its run: RunState::opened. Reads files: not for the GUI thread.
/// @throws IoError, DataError where it is none.
SessionRun openFile(const std::filesystem::path& file);

}  // namespace ui
