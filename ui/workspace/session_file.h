// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QString>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ui/workspace/session.h"

/// A session as a file: "NAME.sharpscape", json with a format_version, paths relative to the file. It points at runs and holds no numbers.
namespace ui {

constexpr int kSessionFormatVersion = 1;
constexpr const char* kSessionSuffix = ".sharpscape";

/// A measure as the file names it, so that it is still listed where the run cannot be found.
struct SavedResult {
  QString kind, name, figure;
  std::string file;    ///< absolute
  bool shown = false;
  bool operator==(const SavedResult&) const = default;
};

struct SavedRun {
  std::string folder;  ///< absolute; the file where `opened`
  bool opened = false; ///< RunState::opened
  QString name;
  std::size_t look = 0;
  std::optional<std::size_t> line, marker;
  bool visible = true;
  QString group;
  std::optional<trainer::RunSpec> planned;  ///< of a run that has no folder yet
  std::vector<SavedResult> results;
  bool operator==(const SavedRun&) const = default;
};

struct SavedSession {
  std::vector<SavedRun> runs;
  std::string selected, baseline;  ///< folders
  QString page;                    ///< title of the page in front
  QJsonObject pages;               ///< Page::state() by title
  QJsonObject window;              ///< docks, theme
  /// Of a copy that the program keeps by itself: the file the session was saved in (empty: none yet), whether it differs from it, and whether it was closed in order.
  std::string file;
  bool modified = false, closed = false;
  bool operator==(const SavedSession&) const = default;
};

/// Runs, selection and baseline of the session.
SavedSession savedSession(const Session& session);

/// What the file holds when it lies in `folder`: paths below runs, and strings of the pages that are a run's folder or begin with it, become relative to it ("run:../runs/sam").
std::string sessionText(const SavedSession& session, const std::filesystem::path& folder);

/// The other way. Paths are taken relative to where the file is now; where there is nothing, relative to where it was written (`saved_in`).
/// @throws IoError, or DataError where it is no session: cut, of another kind, of a newer version.
SavedSession readSession(const std::filesystem::path& file);

/// Writes it whole or not at all. @throws IoError.
void writeSession(const SavedSession& session, const std::filesystem::path& file);

/// The runs as the session shows them, read from their folders. One that is not found is RunState::missing, with the names of its measures; one that cannot be read too, with the
/// reason in `message`; one that was never begun is RunState::failed with its settings. Reads files: not for the GUI thread.
std::vector<SessionRun> restoredRuns(const SavedSession& session);
SessionRun restoredRun(const SavedRun& saved);

}  // namespace ui
