// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/base/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "trainer/base/error.h"
#include "trainer/base/test_point.h"

namespace trainer {
namespace {

constexpr std::string_view kTemporaryMark = ".tmp-";

std::string reasonFor(int error) {
  if (error == ENOSPC || error == EDQUOT) return "the disk is full";
  return std::strerror(error);
}

[[noreturn]] void fail(const char* what, const std::filesystem::path& path, int error) {
  throw IoError(fmt::format("cannot {} '{}': {}", what, path.string(), reasonFor(error)));
}

/// Closes on the way out.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  int get() const { return fd_; }
  int close() { return fd_ < 0 ? 0 : ::close(std::exchange(fd_, -1)); }

 private:
  int fd_;
};

/// 0, or the errno of the write that failed.
int writeAll(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n < 0 ? errno : ENOSPC;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

mode_t ordinaryMode() {
  static const mode_t mask = [] {
    const mode_t current = ::umask(022);
    ::umask(current);
    return current;
  }();
  return 0666 & ~mask;
}

/// In two halves where tests look for the moment between them.
int writeContent(int fd, std::string_view content, const std::filesystem::path& path) {
  if (!testPointsActive()) return writeAll(fd, content);
  if (const int error = writeAll(fd, content.substr(0, content.size() / 2))) return error;
  testPoint("half", path);
  return writeAll(fd, content.substr(content.size() / 2));
}

int writeAndSync(Descriptor& file, std::string_view content, const std::filesystem::path& path) {
  if (const int error = writeContent(file.get(), content, path)) return error;
  if (::fchmod(file.get(), ordinaryMode()) != 0) return errno;
  if (::fsync(file.get()) != 0) return errno;
  return file.close() == 0 ? 0 : errno;
}

}  // namespace

std::string readFile(const std::filesystem::path& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) fail("open", path, errno);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) fail("read", path, errno);
  if (S_ISDIR(info.st_mode)) fail("read", path, EISDIR);
  std::string content;
  content.reserve(static_cast<std::size_t>(info.st_size));
  char buffer[1 << 16];
  for (;;) {
    const ssize_t n = ::read(file.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("read", path, errno);
    if (n == 0) return content;
    content.append(buffer, static_cast<std::size_t>(n));
  }
}

void writeFileAtomically(const std::filesystem::path& path, std::string_view content) {
  testPoint("write", path);
  std::string temporary = path.string() + std::string(kTemporaryMark) + "XXXXXX";
  Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.get() < 0) fail("write", path, errno);
  int error = writeAndSync(file, content, path);
  testPoint("written", path);
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(temporary.c_str());
    fail("write", path, error);
  }
  testPoint("renamed", path);
}

void removeFile(const std::filesystem::path& path) {
  testPoint("remove", path);
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail("remove", path, errno);
  testPoint("removed", path);
}

void removeTemporaries(const std::filesystem::path& folder) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    const std::size_t at = name.rfind(kTemporaryMark);
    if (at != std::string::npos && name.size() == at + kTemporaryMark.size() + 6) removeFile(entry.path());
  }
}

void appendLine(const std::filesystem::path& path, std::string_view line) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666));
  if (file.get() < 0) fail("write", path, errno);
  std::string text(line);
  text += '\n';
  testPoint("append", path);
  if (const int error = writeContent(file.get(), text, path)) fail("write", path, error);
  if (file.close() != 0) fail("write", path, errno);
  testPoint("appended", path);
}

FileLock::FileLock(const std::filesystem::path& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), held_(false) {
  if (fd_ < 0) fail("open", path, errno);
  held_ = ::flock(fd_, LOCK_EX | LOCK_NB) == 0;
}

FileLock::~FileLock() { ::close(fd_); }

nlohmann::json readJson(const std::filesystem::path& path) {
  const std::string text = readFile(path);
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& e) {
    throw DataError(fmt::format("'{}' is not valid JSON: the error is at byte {} of {}", path.string(), e.byte, text.size()));
  } catch (const nlohmann::json::exception&) {
    throw DataError(fmt::format("'{}' is not valid JSON: it holds a number that is too large", path.string()));
  }
}

void writeJson(const std::filesystem::path& path, const nlohmann::ordered_json& value) { writeFileAtomically(path, value.dump(2) + "\n"); }

std::string contentHash(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

std::string shellQuoted(const std::string& word) {
  if (!word.empty() && word.find_first_of(" \t\n'\"\\$`&|;<>()*?[]{}~#!") == std::string::npos) return word;
  std::string result = "'";
  for (const char c : word) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

}  // namespace trainer
