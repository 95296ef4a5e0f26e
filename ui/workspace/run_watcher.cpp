// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/run_watcher.h"

#include <utility>

#include "trainer/run/run_files.h"

namespace ui {
namespace {

constexpr int kReadAgainMilliseconds = 1000;

QString parentOf(const SessionRun& run) { return QString::fromStdString(std::filesystem::path(run.folder).parent_path().string()); }

}  // namespace

RunWatcher::RunWatcher(Session& session, Workbench& workbench, QObject* parent) : QObject(parent), session_(session), workbench_(workbench) {
  for (QTimer* timer : {&soon_, &later_}) timer->setSingleShot(true);
  soon_.setInterval(0);
  later_.setInterval(kReadAgainMilliseconds);
  connect(&soon_, &QTimer::timeout, this, &RunWatcher::watch);
  connect(&later_, &QTimer::timeout, this, &RunWatcher::reread);
  connect(&session_, &Session::listChanged, &soon_, qOverload<>(&QTimer::start));
  connect(&session_, &Session::runChanged, this, [this](const QString& folder) {
    const SessionRun* run = session_.find(folder.toStdString());
    if (run != nullptr && run->state != RunState::training) soon_.start();
  });
  connect(&watcher_, &QFileSystemWatcher::fileChanged, this, &RunWatcher::noteChange);
  connect(&watcher_, &QFileSystemWatcher::directoryChanged, this, &RunWatcher::noteChange);
}

void RunWatcher::watch() {
  QSet<QString> wanted;
  for (const SessionRun& run : session_.runs()) {
    const QString folder = QString::fromStdString(run.folder);
    // A folder that is moved away tells nobody; the one it was in does.
    if (run.state == RunState::opened || run.measurable()) wanted << folder << parentOf(run);
    if (!run.measurable() || !run.elsewhere) continue;
    for (const char* name : {trainer::kStepsFile, trainer::kEvaluationsFile, trainer::kCurvatureFile, trainer::kCheckpointFolder}) wanted << folder + QLatin1Char('/') + QLatin1String(name);
  }
  const QStringList files = watcher_.files(), folders = watcher_.directories();
  const QSet<QString> now = QSet<QString>(files.begin(), files.end()) + QSet<QString>(folders.begin(), folders.end());
  if (const QSet<QString> less = now - wanted; !less.isEmpty()) watcher_.removePaths(less.values());
  if (const QSet<QString> more = wanted - now; !more.isEmpty()) watcher_.addPaths(more.values());
}

void RunWatcher::noteChange(const QString& path) {
  for (const SessionRun& run : session_.runs()) {
    const QString folder = QString::fromStdString(run.folder);
    std::error_code ignored;
    const bool gone = path == parentOf(run) && !std::filesystem::exists(run.folder, ignored);
    if (gone || path == folder || path.startsWith(folder + QLatin1Char('/'))) changed_ << folder;
  }
  if (!changed_.isEmpty() && !later_.isActive()) later_.start();
}

void RunWatcher::reread() {
  for (const QString& folder : std::exchange(changed_, {})) {
    const SessionRun* run = session_.find(folder.toStdString());
    // A measure of our own makes a folder in a run's: only what is not ours is read again.
    if (run == nullptr) continue;
    std::error_code ignored;
    if (run->elsewhere || run->state == RunState::opened || !std::filesystem::exists(run->folder, ignored)) workbench_.reread(run->folder);
  }
  soon_.start();
}

}  // namespace ui
