// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "trainer/base/files.h"

namespace ui {

/// The copies of sessions that the program keeps by itself, a file each with a lock beside it that is held while a window works with it, however that ends. Several programs share the
/// folder. Every function reads files: not for the GUI thread.
class KeptSessions {
 public:
  /// A copy of one's own.
  struct Copy {
    std::filesystem::path file;
    std::unique_ptr<trainer::FileLock> lock;
  };
  /// One that nobody works with.
  struct Idle {
    std::filesystem::path file;
    std::string of;               ///< the session's own file; empty: it was never saved
    std::int64_t runs = 0;
    bool modified = false, closed = false;  ///< not closed: its program ended in the middle
    std::filesystem::file_time_type time{};
    bool operator==(const Idle&) const = default;
  };

  explicit KeptSessions(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// @throws IoError where the folder cannot be written.
  Copy fresh() const;
  /// Newest first; one that cannot be read is left out, and left where it is.
  std::vector<Idle> idle() const;
  /// Whether some other window is at work.
  bool othersAtWork() const;
  /// Empty where another was faster.
  std::optional<Copy> take(const std::filesystem::path& file) const;
  void discard(Copy copy) const;
  /// Removes the oldest of those that were closed in order, but for `count`.
  void prune(std::size_t count) const;

 private:
  std::vector<std::filesystem::path> files() const;
  std::filesystem::path folder_;
};

}  // namespace ui
