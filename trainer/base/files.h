// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

/// Files, all or nothing. Paths are quoted in every message.
namespace trainer {

/// The whole file. @throws IoError when it cannot be opened or read.
std::string readFile(const std::filesystem::path& path);

/// Writes through a temporary file in the same folder, fsync and rename: a reader sees the old file or the new one, never a part.
/// @throws IoError when the folder is not writable or the disk is full; the old file is untouched and no temporary file is left.
void writeFileAtomically(const std::filesystem::path& path, std::string_view content);

/// Removes a file; one that is not there is fine. @throws IoError.
void removeFile(const std::filesystem::path& path);

/// Removes what a killed writeFileAtomically() has left in `folder`.
void removeTemporaries(const std::filesystem::path& folder);

/// Appends one line (a newline is added) in one write. @throws IoError as above.
void appendLine(const std::filesystem::path& path, std::string_view line);

/// @throws DataError with path and position when it is not JSON.
nlohmann::json readJson(const std::filesystem::path& path);

/// Indented by two, keys in insertion order, a newline at the end.
void writeJson(const std::filesystem::path& path, const nlohmann::ordered_json& value);

/// A lock on an existing file, held until the object goes or the process ends, however it ends.
class FileLock {
 public:
  /// @throws IoError when the file cannot be opened.
  explicit FileLock(const std::filesystem::path& path);
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();
  /// Whether it was free; false: another process, or another lock of this one, has it.
  bool held() const { return held_; }

 private:
  int fd_;
  bool held_;
};

/// XXH3, 128 bits, 32 hexadecimal digits. For integrity and cache keys, not for security.
std::string contentHash(std::string_view bytes);

/// A word of a command line as a POSIX shell reads it back: in single quotes where it needs them.
std::string shellQuoted(const std::string& word);

}  // namespace trainer
