// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/kept_sessions.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "trainer/base/error.h"
#include "ui/workspace/session_file.h"

namespace ui {
namespace {

namespace fs = std::filesystem;

fs::path lockOf(const fs::path& file) { return fs::path(file).replace_extension(".lock"); }

/// The lock of a copy where it is free; empty where somebody has it. A copy without a lock file gets one.
std::unique_ptr<trainer::FileLock> tryLock(const fs::path& file) {
  std::error_code ignored;
  if (!fs::exists(lockOf(file), ignored)) trainer::writeFileAtomically(lockOf(file), {});
  auto lock = std::make_unique<trainer::FileLock>(lockOf(file));
  return lock->held() ? std::move(lock) : nullptr;
}

}  // namespace

std::vector<fs::path> KeptSessions::files() const {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored))
    if (entry.path().extension() == kSessionSuffix) found.push_back(entry.path());
  return found;
}

KeptSessions::Copy KeptSessions::fresh() const {
  std::error_code error;
  fs::create_directories(folder_, error);
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  for (int i = 0;; ++i) {
    const fs::path file = folder_ / fmt::format("{}-{}-{}{}", now, ::getpid(), i, kSessionSuffix);
    if (fs::exists(lockOf(file), error)) continue;
    auto lock = tryLock(file);
    if (lock) return {.file = file, .lock = std::move(lock)};
  }
}

std::vector<KeptSessions::Idle> KeptSessions::idle() const {
  std::vector<Idle> found;
  for (const fs::path& file : files()) {
    try {
      const auto lock = tryLock(file);
      if (!lock) continue;
      const SavedSession session = readSession(file);
      found.push_back({.file = file,
                       .of = session.file,
                       .runs = static_cast<std::int64_t>(session.runs.size()),
                       .modified = session.modified,
                       .closed = session.closed,
                       .time = fs::last_write_time(file)});
    } catch (const trainer::Error&) {  // somebody else's file, or a newer program's
    }
  }
  std::ranges::sort(found, std::greater{}, &Idle::time);
  return found;
}

bool KeptSessions::othersAtWork() const {
  return std::ranges::any_of(files(), [](const fs::path& file) {
    try {
      return tryLock(file) == nullptr;
    } catch (const trainer::Error&) {
      return false;
    }
  });
}

std::optional<KeptSessions::Copy> KeptSessions::take(const fs::path& file) const {
  auto lock = tryLock(file);
  if (!lock || !fs::exists(file)) return std::nullopt;
  return Copy{.file = file, .lock = std::move(lock)};
}

void KeptSessions::discard(Copy copy) const {
  trainer::removeFile(copy.file);
  trainer::removeFile(lockOf(copy.file));
}

void KeptSessions::prune(std::size_t count) const {
  std::vector<Idle> all = idle();
  std::erase_if(all, [](const Idle& i) { return !i.closed; });
  for (std::size_t i = count; i < all.size(); ++i)
    if (auto copy = take(all[i].file)) discard(std::move(*copy));
}

}  // namespace ui
