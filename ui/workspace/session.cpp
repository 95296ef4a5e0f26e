// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/session.h"

#include <algorithm>

namespace ui {

namespace {

/// What a run is called, where and how it is shown: stays when its folder is read again or found elsewhere.
void keepPlace(SessionRun& run, const SessionRun& before) {
  run.name = before.name;
  run.lookIndex = before.lookIndex;
  run.lineIndex = before.lineIndex;
  run.markerIndex = before.markerIndex;
  run.visible = before.visible;
  run.group = before.group;
}

}  // namespace

QString stateText(RunState state) {
  switch (state) {
    case RunState::waiting: return QStringLiteral("waiting");
    case RunState::training: return QStringLiteral("training");
    case RunState::completed: return QStringLiteral("done");
    case RunState::stopped: return QStringLiteral("stopped");
    case RunState::diverged: return QStringLiteral("diverged");
    case RunState::failed: return QStringLiteral("failed");
    case RunState::missing: return QStringLiteral("missing");
    case RunState::opened: return QStringLiteral("file");
  }
  return {};
}

void SessionRun::take(SessionResult result) {
  const auto same = std::ranges::find_if(results, [&](const SessionResult& r) { return !r.file.empty() && r.file == result.file; });
  if (same != results.end()) results.erase(same);
  results.push_back(std::move(result));
  show(results.back());
}

void SessionRun::show(const SessionResult& result) {
  if (const auto* r = std::get_if<std::shared_ptr<const analysis::SpectrumResult>>(&result.value)) add(*r);
  if (const auto* r = std::get_if<std::shared_ptr<const analysis::SharpnessResult>>(&result.value)) sharpness = *r;
  if (const auto* r = std::get_if<std::shared_ptr<const analysis::InvarianceResult>>(&result.value)) invariance = *r;
  if (const auto* r = std::get_if<std::shared_ptr<const analysis::CheckResult>>(&result.value)) check = *r;
  if (const auto* r = std::get_if<std::shared_ptr<const analysis::SurfaceResult>>(&result.value)) add(*r);
}

bool SessionRun::shows(const SessionResult& result) const {
  const void* value = std::visit(
      [](const auto& v) -> const void* {
        if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::monostate>) return nullptr;
        else return v.get();
      },
      result.value);
  if (value == nullptr) return false;
  return value == parts.newest.get() || value == sharpness.get() || value == invariance.get() || value == check.get() || value == surface.get() || value == slice.get();
}

const SessionRun* Session::find(const std::string& folder) const {
  const auto found = std::ranges::find(runs_, folder, &SessionRun::folder);
  return found == runs_.end() ? nullptr : &*found;
}

void Session::setCursor(std::optional<TimeCursor> cursor) {
  if (cursor == cursor_) return;
  cursor_ = std::move(cursor);
  emit cursorChanged();
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
    keepPlace(run, *found);
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

void Session::reset(std::vector<SessionRun> runs, const std::string& selected, const std::string& baseline) {
  runs_ = std::move(runs);
  nextLook_ = 0;
  for (const SessionRun& run : runs_) nextLook_ = std::max(nextLook_, run.lookIndex + 1);
  selected_ = find(selected) != nullptr ? selected : runs_.empty() ? std::string() : runs_.front().folder;
  baseline_ = find(baseline) != nullptr ? baseline : std::string();
  emit listChanged();
  emit selectionChanged();
  emit baselineChanged();
  emit wasReset();
}

void Session::move(const std::string& folder, const QString& group, const std::string& before) {
  const auto from = std::ranges::find(runs_, folder, &SessionRun::folder);
  if (from == runs_.end() || before == folder) return;
  SessionRun run = std::move(*from);
  runs_.erase(from);
  run.group = group;
  auto to = std::ranges::find(runs_, before, &SessionRun::folder);
  if (before.empty() || to == runs_.end()) {
    to = runs_.end();
    if (!group.isEmpty())
      for (auto at = runs_.begin(); at != runs_.end(); ++at)
        if (at->group == group) to = at + 1;
  }
  runs_.insert(to, std::move(run));
  emit listChanged();
}

void Session::relocate(const std::string& from, SessionRun found) {
  const auto at = std::ranges::find(runs_, from, &SessionRun::folder);
  if (at == runs_.end() || (found.folder != from && find(found.folder) != nullptr)) return;
  const bool wasSelected = selected_ == from, wasBaseline = baseline_ == from;
  keepPlace(found, *at);
  *at = std::move(found);
  if (wasSelected) selected_ = at->folder;
  if (wasBaseline) baseline_ = at->folder;
  emit listChanged();
  if (wasSelected) emit selectionChanged();
  if (wasBaseline) emit baselineChanged();
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
