// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

namespace ui {

struct WindowOptions {
  std::filesystem::path runsFolder;  ///< where new runs go; empty: the user's data folder
  std::vector<std::filesystem::path> open;  ///< sessions, runs, results and surfaces that are opened in it
};

/// Opens the window and returns when it is closed: 0, or 1 where no window could be made. On the first start it trains the built-in example; later it opens
/// the runs of the last time.
int runWindow(int& argc, char** argv, const WindowOptions& options);

}  // namespace ui
