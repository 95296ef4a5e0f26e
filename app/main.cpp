// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line.h"
#include "app/freed_memory.h"
#ifdef SHARPSCAPE_HAS_WINDOW
#include "ui/application.h"
#endif

int main(int argc, char** argv) {
  app::keepFreedMemory();
#ifdef SHARPSCAPE_HAS_WINDOW
  return app::runCommandLine(argc, argv, [](int count, char** words, const std::vector<std::string>& files) {
    return ui::runWindow(count, words, {.runsFolder = {}, .open = {files.begin(), files.end()}});
  });
#else
  return app::runCommandLine(argc, argv, {});
#endif
}
