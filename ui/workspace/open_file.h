// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ui/workspace/session.h"

/// Finds out what a path is and reads it for the session. Everything here reads files: not for the GUI thread.
namespace ui {

/// A result of Sharpscape or a surface of another program as an entry of the session of its own, without its run: RunState::opened. `message` says what the file does not say about itself.
/// @throws IoError, DataError where it is none.
SessionRun openFile(const std::filesystem::path& file);

/// What a path is.
struct Recognised {
  enum Kind { run, runs, session, file, weights, nothing };
  Kind kind = nothing;
  std::string path;
  QString sentence;               ///< what it was taken for, and what is not known of it; for nothing: why
  std::vector<SessionRun> found;  ///< of run, runs and file
  QString group;                  ///< of runs: the name of their folder
  QString shown;                  ///< kind of the result to show, where one was named
};

/// Run folders, folders of runs (a sweep), sessions, results (which open their run where it is there), surfaces of other programs, safetensors. Never throws a trainer::Error: what cannot be read is
/// `nothing` with a sentence.
Recognised recognise(const std::filesystem::path& path);

}  // namespace ui
