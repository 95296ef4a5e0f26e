// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace app {

/// Opens the window with these files and folders in it and returns its exit code; empty in a program without one.
using OpenWindow = std::function<int(int argc, char** argv, const std::vector<std::string>& files)>;

/// Parses the words, runs the command, prints its result and maps every failure to one sentence on stderr and an exit code:
/// 0 done, 1 files, data, devices or numbers, 2 arguments, 130 stopped.
int runCommandLine(int argc, char** argv, const OpenWindow& openWindow);

}  // namespace app
