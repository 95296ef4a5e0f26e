// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string_view>

namespace trainer {

/// The named moments of every write, rename and removal, "<operation> <file's name>": where a test ends the program as a kill would. With
/// SHARPSCAPE_KILL_AT="<name>#<n>" in the environment the n-th passing of that point raises SIGKILL; with SHARPSCAPE_TEST_POINTS=FILE each point that
/// is passed is appended to FILE. Without them it is one look at a flag.
void testPoint(std::string_view operation, const std::filesystem::path& file);

/// Whether either is set: writes then go in two halves, so that there is a moment between them.
bool testPointsActive();

}  // namespace trainer
