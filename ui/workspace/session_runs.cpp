// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "ui/workspace/open_file.h"
#include "ui/workspace/open_run.h"
#include "ui/workspace/session_file.h"

/// The runs of a session that was read.
namespace ui {
namespace {

namespace fs = std::filesystem;

void listNames(SessionRun& run, const SavedRun& saved) {
  for (const SavedResult& r : saved.results) run.results.push_back({.kind = r.kind, .name = r.name, .figure = r.figure, .file = r.file, .value = {}});
}

SessionRun notRead(const SavedRun& saved, RunState state, const QString& why) {
  SessionRun run;
  run.folder = saved.folder;
  run.state = state;
  run.message = why;
  if (saved.planned) run.spec = *saved.planned;
  listNames(run, saved);
  return run;
}

SessionRun read(const SavedRun& saved) {
  std::error_code ignored;
  if (!fs::exists(saved.folder, ignored)) {
    if (saved.planned) return notRead(saved, RunState::failed, QStringLiteral("Its training had not begun when the program ended; the menu of the run starts it."));
    return notRead(saved, RunState::missing, QStringLiteral("'%1' is not there any more. If it was moved, locate it.").arg(QString::fromStdString(saved.folder)));
  }
  try {
    return saved.opened ? openFile(saved.folder) : openRun(fs::path(saved.folder));
  } catch (const std::exception& e) {
    return notRead(saved, RunState::missing, QString::fromUtf8(e.what()));
  }
}

}  // namespace

SessionRun restoredRun(const SavedRun& saved) {
  SessionRun run = read(saved);
  run.name = saved.name;
  run.lookIndex = saved.look;
  run.lineIndex = saved.line;
  run.markerIndex = saved.marker;
  run.visible = saved.visible;
  run.group = saved.group;
  // Those that were shown, in their order: the last one of a kind stays in front.
  for (const SavedResult& wanted : saved.results) {
    const auto found = std::ranges::find(run.results, wanted.file, &SessionResult::file);
    if (wanted.shown && found != run.results.end()) run.show(*found);
  }
  return run;
}

std::vector<SessionRun> restoredRuns(const SavedSession& session) {
  std::vector<SessionRun> runs;
  for (const SavedRun& saved : session.runs) runs.push_back(restoredRun(saved));
  return runs;
}

}  // namespace ui
