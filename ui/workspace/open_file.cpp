// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/open_file.h"

namespace ui {

SessionRun openFile(const std::filesystem::path& file) {
  SessionRun run;
  run.folder = file.string();
  run.state = RunState::opened;
  run.name = QString::fromStdString(file.stem().string());
  run.take(sessionResult(analysis::readResult(file), file.string()));
  return run;
}

}  // namespace ui
