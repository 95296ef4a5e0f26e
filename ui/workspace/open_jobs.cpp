// SPDX-License-Identifier: GPL-3.0-or-later
#include <QPointer>
#include <QtConcurrent>

#include "analysis/export/export_result.h"
#include "trainer/run/import_run.h"
#include "trainer/run/run_folder.h"
#include "ui/workspace/open_file.h"
#include "ui/workspace/open_run.h"
#include "ui/workspace/session_file.h"
#include "ui/workspace/workbench.h"

/// What the workbench does with files.
namespace ui {

namespace fs = std::filesystem;

void Workbench::openRun(const fs::path& folder) { open({folder}); }

void Workbench::open(const std::vector<fs::path>& paths) {
  for (const fs::path& path : paths) {
    QtConcurrent::run(&files_, [path] { return recognise(path); }).then(this, [this](const Recognised& found) {
      if (found.kind == Recognised::nothing) {
        emit failed(found.sentence);
        return;
      }
      for (const SessionRun& run : found.found)
        if (trainingJob(run.folder) == 0) session_.add(run);
      if (!found.found.empty()) session_.select(found.found.front().folder);
      emit recognised(found.sentence);
      if (found.kind == Recognised::session) emit sessionFound(QString::fromStdString(found.path));
      if (found.kind == Recognised::weights) emit weightsFound(QString::fromStdString(found.path));
      if (!found.shown.isEmpty() && !found.found.empty()) emit resultFound(QString::fromStdString(found.found.front().folder), found.shown);
    });
  }
}

void Workbench::importWeights(const fs::path& weights, trainer::RunSpec spec) {
  if (spec.threads == 0) spec.threads = threadsPerLane();
  spec.precision.clear();  // the file's own
  const fs::path folder = trainer::freeFolder(runsFolder_ / weights.stem());
  jobs_.add({.title = QStringLiteral("Import %1").arg(QString::fromStdString(weights.filename().string())), .run = QString::fromStdString(folder.string()), .kind = QStringLiteral("import"), .lane = Lane::analysis},
            [weights, spec, folder](const trainer::Context& context) mutable { trainer::importRun(weights, spec, folder, context); },
            [this, folder](const JobInfo& info) {
              if (info.state == JobState::failed) emit failed(info.message);
              if (info.state == JobState::done) openRun(folder);
            });
}

void Workbench::locate(const std::string& missing, const fs::path& found) {
  struct Moved {
    std::string from;
    SessionRun run;
  };
  // What lies beside it was probably moved with it.
  std::vector<std::pair<SavedRun, fs::path>> wanted;
  for (const SavedRun& saved : savedSession(session_).runs) {
    const SessionRun* run = session_.find(saved.folder);
    if (run == nullptr || run->state != RunState::missing) continue;
    if (saved.folder == missing) wanted.insert(wanted.begin(), {saved, found});
    else wanted.emplace_back(saved, found.parent_path() / fs::path(saved.folder).filename());
  }
  QtConcurrent::run(&files_, [wanted] {
    std::vector<Moved> moved;
    for (auto [saved, place] : wanted) {
      const std::string from = saved.folder;
      for (SavedResult& result : saved.results)
        if (result.file.starts_with(from + "/")) result.file = place.string() + result.file.substr(from.size());
      saved.folder = place.string();
      std::error_code ignored;
      if (moved.empty() || fs::exists(place, ignored)) moved.push_back({.from = from, .run = restoredRun(saved)});
    }
    return moved;
  }).then(this, [this](const std::vector<Moved>& moved) {
    int count = 0;
    for (const Moved& m : moved) {
      if (m.run.state == RunState::missing) continue;
      session_.relocate(m.from, m.run);
      ++count;
    }
    if (!moved.empty() && moved.front().run.state == RunState::missing) emit failed(moved.front().run.message);
    else emit recognised(count == 1 ? QStringLiteral("Found: %1.").arg(moved.front().run.name) : QStringLiteral("Found %1 runs: those beside it were moved with it.").arg(count));
  });
}

void Workbench::reread(const std::string& folder) {
  const SessionRun* run = session_.find(folder);
  if (run == nullptr || trainingJob(folder) != 0 || !rereading_.insert(folder).second) return;
  SavedRun saved;
  for (const SavedRun& each : savedSession(session_).runs)
    if (each.folder == folder) saved = each;
  QtConcurrent::run(&files_, [saved] { return restoredRun(saved); }).then(this, [this, folder](const SessionRun& read) {
    rereading_.erase(folder);
    const SessionRun* before = session_.find(folder);
    if (before == nullptr || trainingJob(folder) != 0) return;
    if (read.state == RunState::missing && before->state != RunState::missing) {
      // What is known of it stays in the pages; measures on it say what is wrong.
      session_.update(folder, [&](SessionRun& r) {
        r.state = RunState::missing;
        r.message = read.message;
      });
      emit failed(QStringLiteral("%1: %2").arg(before->name, read.message));
      return;
    }
    if (read.state != RunState::missing) session_.add(read);
  });
}

void Workbench::exportResult(const analysis::Result& result, const fs::path& file, QObject* owner, Written written) {
  writeFile(file, [result, file] { analysis::exportResult(result, file); }, owner, std::move(written));
}

void Workbench::writeFile(const fs::path& file, std::function<void()> work, QObject* owner, Written written) {
  auto future = QtConcurrent::run(&files_, [work = std::move(work)]() -> QString {
    try {
      work();
    } catch (const std::exception& e) {
      return QString::fromUtf8(e.what());
    }
    return {};
  });
  future.then(this, [this, file, owner = QPointer(owner), written = std::move(written)](const QString& error) {
    if (error.isEmpty()) emit noted(QStringLiteral("Wrote %1").arg(QString::fromStdString(file.string())));
    if (owner && written) written(error);
    else if (!error.isEmpty()) emit failed(error);
  });
}

}  // namespace ui
