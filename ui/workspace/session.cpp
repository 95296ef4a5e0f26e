// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/session.h"

#include <algorithm>

namespace ui {

QString stateText(RunState state) {
  switch (state) {
    case RunState::waiting: return QStringLiteral("waiting");
    case RunState::training: return QStringLiteral("training");
    case RunState::completed: return QStringLiteral("done");
    case RunState::stopped: return QStringLiteral("stopped");
    case RunState::diverged: return QStringLiteral("diverged");
    case RunState::failed: return QStringLiteral("failed");
  }
  return {};
}

const SessionRun* Session::find(const std::string& folder) const {
  const auto found = std::ranges::find(runs_, folder, &SessionRun::folder);
  return found == runs_.end() ? nullptr : &*found;
}

const SessionRun* Session::baseline() const {
  if (const SessionRun* chosen = find(baseline_)) return chosen;
  return runs_.empty() ? nullptr : &runs_.front();
}

void Session::setBaseline(const std::string& folder) {
  if (folder == baseline_ || find(folder) == nullptr) return;
  baseline_ = folder;
  emit baselineChanged();
}

void Session::add(SessionRun run) {
  const auto found = std::ranges::find(runs_, run.folder, &SessionRun::folder);
  if (found != runs_.end()) {
    run.lookIndex = found->lookIndex;
    run.name = found->name;
    run.visible = found->visible;
    run.group = found->group;
    *found = std::move(run);
    emit runChanged(QString::fromStdString(found->folder));
    return;
  }
  run.lookIndex = nextLook_++;
  const QString name = run.name;
  const auto taken = [&] { return std::ranges::any_of(runs_, [&](const SessionRun& other) { return other.name == run.name; }); };
  for (int i = 2; taken(); ++i) run.name = QStringLiteral("%1 (%2)").arg(name).arg(i);
  runs_.push_back(std::move(run));
  emit listChanged();
  if (!selected()) select(runs_.back().folder);
}

void Session::remove(const std::string& folder) {
  if (std::erase_if(runs_, [&](const SessionRun& run) { return run.folder == folder; }) == 0) return;
  emit listChanged();
  if (selected_ == folder) select(runs_.empty() ? std::string() : runs_.front().folder);
}

void Session::select(const std::string& folder) {
  if (folder == selected_) return;
  selected_ = folder;
  emit selectionChanged();
}

}  // namespace ui
