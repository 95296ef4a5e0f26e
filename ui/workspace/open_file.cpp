// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/open_file.h"

#include <algorithm>
#include <set>

#include "analysis/interchange/read_surface.h"
#include "trainer/base/error.h"
#include "trainer/run/run_files.h"
#include "ui/workspace/open_run.h"
#include "ui/workspace/session_file.h"

namespace ui {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostRuns = 200;
constexpr int kDepth = 2;  ///< SWEEP/runs/NAME

QString words(const std::string& text) { return QString::fromStdString(text); }
QString quoted(const fs::path& path) { return QStringLiteral("'%1'").arg(words(path.string())); }

bool isRun(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_regular_file(folder / trainer::kSpecFile, ignored);
}

QString sentences(const std::vector<std::string>& all) {
  QStringList list;
  for (const std::string& sentence : all) list << words(sentence);
  return list.join(QLatin1Char(' '));
}

/// The run that a result was measured on, where it is there: as written, else the folder that the file lies in.
fs::path runOf(const SessionRun& entry, const fs::path& file) {
  const SessionResult& result = entry.results.back();
  const std::string named = std::visit(
      [](const auto& value) -> std::string {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::monostate>) return {};
        else return value->spec.measure.run;
      },
      result.value);
  const fs::path around = fs::absolute(file).parent_path().parent_path();
  if (isRun(around)) return around;
  return !named.empty() && fs::path(named).is_absolute() && isRun(named) ? fs::path(named) : fs::path();
}

void readRun(Recognised& out, const fs::path& folder) {
  out.kind = Recognised::run;
  out.found = {openRun(folder)};
  const SessionRun& run = out.found.front();
  out.sentence = QStringLiteral("Run folder: %1, %2 %3, %4 %5.")
                     .arg(run.name)
                     .arg(run.checkpoints.size())
                     .arg(run.checkpoints.size() == 1 ? QStringLiteral("checkpoint") : QStringLiteral("checkpoints"))
                     .arg(run.results.size())
                     .arg(run.results.size() == 1 ? QStringLiteral("result") : QStringLiteral("results"));
}

void collect(const fs::path& folder, int depth, std::set<fs::path>& runs) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (!entry.is_directory(ignored) || runs.size() >= kMostRuns) continue;
    if (isRun(entry.path())) runs.insert(entry.path());
    else if (depth > 1) collect(entry.path(), depth - 1, runs);
  }
}

void readFolder(Recognised& out, const fs::path& folder) {
  if (isRun(folder)) return readRun(out, folder);
  std::set<fs::path> runs;
  collect(folder, kDepth, runs);
  if (runs.empty()) throw trainer::DataError(QStringLiteral("%1 is no run folder: neither it nor a folder in it has a spec.json").arg(quoted(folder)).toStdString());
  out.kind = Recognised::runs;
  out.group = words(folder.filename().string());
  int refused = 0;
  for (const fs::path& run : runs) {
    try {
      out.found.push_back(openRun(run));
      out.found.back().group = out.group;
      // In a sweep the folder's name says what the run is.
      if (fs::exists(folder / "sweep.json")) out.found.back().name = words(run.filename().string());
    } catch (const trainer::Error&) {
      ++refused;
    }
  }
  out.sentence = QStringLiteral("Folder of %1 runs%2.").arg(out.found.size()).arg(refused > 0 ? QStringLiteral("; %1 could not be read").arg(refused) : QString());
}

void readEntry(Recognised& out, const fs::path& file) {
  SessionRun entry = openFile(file);
  const fs::path run = runOf(entry, file);
  const SessionResult result = entry.results.back();
  out.shown = result.kind;
  if (!run.empty()) {
    readRun(out, run);
    SessionRun& opened = out.found.front();
    const auto same = std::ranges::find(opened.results, fs::absolute(file).lexically_normal().string(), &SessionResult::file);
    if (same != opened.results.end()) opened.show(SessionResult(*same));
    else opened.take(result);
    out.sentence = QStringLiteral("Result: %1 of the run %2.").arg(result.name, opened.name);
    return;
  }
  out.kind = Recognised::file;
  out.sentence = QStringLiteral("%1: %2, %3.%4").arg(words(file.filename().string()), result.name, result.figure, entry.message.isEmpty() ? QString() : QLatin1Char(' ') + entry.message);
  out.found = {std::move(entry)};
}

void readFile(Recognised& out, const fs::path& file) {
  const std::string ending = file.extension().string();
  if (ending == kSessionSuffix) {
    out.kind = Recognised::session;
    out.sentence = QStringLiteral("Session %1.").arg(quoted(file));
  } else if (file.filename() == trainer::kSpecFile && isRun(file.parent_path())) {
    readRun(out, file.parent_path());
  } else if (ending == ".safetensors") {
    const fs::path run = fs::absolute(file).parent_path().parent_path();
    if (file.parent_path().filename() == trainer::kCheckpointFolder && isRun(run)) return readRun(out, run);
    out.kind = Recognised::weights;
    out.sentence = QStringLiteral("Weights %1: say which network and data they are for.").arg(quoted(file));
  } else if (ending == ".json" || analysis::hasSurfaceEnding(file)) {
    readEntry(out, file);
  } else {
    throw trainer::DataError(
        QStringLiteral("%1 is nothing that can be opened: a run folder, a session (.sharpscape), a result (.json), a surface (.h5, .npz, .csv, .npy) or weights (.safetensors) is expected").arg(quoted(file)).toStdString());
  }
}

}  // namespace

SessionRun openFile(const fs::path& file) {
  SessionRun run;
  run.folder = fs::absolute(file).lexically_normal().string();
  run.state = RunState::opened;
  run.name = words(file.stem().string());
  if (file.extension() == ".json") {
    run.take(sessionResult(analysis::readResult(file), run.folder));
    return run;
  }
  const analysis::ImportedSurface surface = analysis::readSurfaceFile(file);
  run.take(sessionResult(std::make_shared<const analysis::SurfaceResult>(surface.result), run.folder));
  run.results.back().name = words(surface.format);
  run.message = QStringLiteral("%1 %2").arg(sentences(surface.warnings), sentences(surface.unknown)).trimmed();
  return run;
}

Recognised recognise(const fs::path& path) {
  Recognised out;
  out.path = fs::absolute(path).lexically_normal().string();
  if (out.path.size() > 1 && out.path.back() == '/') out.path.pop_back();
  try {
    std::error_code ignored;
    if (!fs::exists(out.path, ignored)) throw trainer::IoError(QStringLiteral("%1 is not there").arg(quoted(path)).toStdString());
    if (fs::is_directory(out.path, ignored)) readFolder(out, out.path);
    else readFile(out, out.path);
  } catch (const trainer::Error& e) {
    out.kind = Recognised::nothing;
    out.found.clear();
    out.sentence = QString::fromUtf8(e.what());
  }
  return out;
}

}  // namespace ui
