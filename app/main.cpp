// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line.h"
#ifdef SHARPSCAPE_HAS_WINDOW
#include "ui/application.h"
#endif

int main(int argc, char** argv) {
#ifdef SHARPSCAPE_HAS_WINDOW
  return app::runCommandLine(argc, argv, [](int count, char** words) { return ui::runWindow(count, words, {}); });
#else
  return app::runCommandLine(argc, argv, {});
#endif
}
