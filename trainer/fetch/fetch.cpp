// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/fetch/fetch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <sstream>
#include <stdexcept>

#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/fetch/download.h"
#include "trainer/fetch/md5.h"
#include "trainer/fetch/unpack.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;

std::string nameOf(const FetchFile& file) { return file.url.substr(file.url.rfind('/') + 1); }

void requireSound(const FetchSpec& spec) {
  if (spec.folder.empty()) throw std::invalid_argument("the folder to fetch into must have a name");
  for (const FetchFile& file : spec.files) {
    const std::string name = nameOf(file);
    if (name.empty() || name == "." || name == "..") throw std::invalid_argument(fmt::format("'{}' names no file", file.url));
    if (file.md5.size() != 32 || file.md5.find_first_not_of("0123456789abcdef") != std::string::npos)
      throw std::invalid_argument(fmt::format("the MD5 of '{}' must be 32 hexadecimal digits, got '{}'", file.url, file.md5));
  }
}

/// One fetch at a time in a folder: two would write into the same .part. Where the file system has no locks there is none.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& folder) : fd_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (fd_ < 0 || ::flock(fd_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
    ::close(fd_);
    throw IoError(fmt::format("another fetch is at work in '{}'; wait for it, or name another folder", folder.string()));
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock() {
    if (fd_ >= 0) ::close(fd_);
  }

 private:
  int fd_;
};

class Fetch {
 public:
  Fetch(const FetchSpec& spec, const Context& context) : spec_(spec), folder_(spec.folder), context_(context) {}

  FetchResult run() {
    std::vector<const FetchFile*> missing;
    for (const FetchFile& file : spec_.files)
      if (!isThere(file)) missing.push_back(&file);
    planProgress(missing);
    for (const FetchFile* file : missing) {
      const fs::path path = folder_ / nameOf(*file);
      if (md5OfFile(path, context_) != file->md5) fetch(*file, path);
      if (file->members.empty()) add(path, file->md5, false);
      else unpackAndRecord(*file, path);
    }
    result_.nothingToDo = missing.empty();
    return result_;
  }

 private:
  void add(const fs::path& path, const std::string& md5, bool wasThere) {
    result_.files.push_back({path.filename().string(), md5, static_cast<std::int64_t>(fs::file_size(path)), wasThere});
  }

  fs::path recordOf(const FetchFile& file) const { return folder_ / (nameOf(file) + ".md5"); }
  static std::string recordTitle(const FetchFile& file) { return fmt::format("# taken out of {}, whose MD5 is {}", nameOf(file), file.md5); }

  /// Is the file, or everything that is taken out of it, there with its checksum? If so it goes into the result.
  bool isThere(const FetchFile& file) {
    if (file.members.empty()) {
      const fs::path path = folder_ / nameOf(file);
      if (md5OfFile(path, context_) != file.md5) return false;
      add(path, file.md5, true);
      return true;
    }
    const std::map<std::string, std::string> recorded = readRecord(file);
    for (const std::string& member : file.members)
      if (const auto it = recorded.find(member); it == recorded.end() || md5OfFile(folder_ / member, context_) != it->second) return false;
    for (const std::string& member : file.members) add(folder_ / member, recorded.at(member), true);
    return true;
  }

  /// Checksum by member; empty without a record of this very archive.
  std::map<std::string, std::string> readRecord(const FetchFile& file) const {
    std::error_code ignored;
    if (!fs::is_regular_file(recordOf(file), ignored)) return {};
    std::istringstream lines(readFile(recordOf(file)));
    std::string line;
    if (!std::getline(lines, line) || line != recordTitle(file)) return {};
    std::map<std::string, std::string> md5s;
    for (std::string md5, name; lines >> md5 >> name;) md5s[name] = md5;
    return md5s;
  }

  /// The total is what is still to come; unknown as soon as one length is.
  void planProgress(const std::vector<const FetchFile*>& missing) {
    for (const FetchFile* file : missing) {
      if (file->bytes == 0) {
        total_ = 0;
        return;
      }
      std::error_code error;
      const auto have = fs::file_size(folder_ / (nameOf(*file) + ".part"), error);
      total_ += std::max<std::int64_t>(0, file->bytes - (error ? 0 : static_cast<std::int64_t>(have)));
    }
  }

  void report(const std::string& stage, std::int64_t received) const {
    constexpr std::int64_t kMega = 1'000'000;
    const std::int64_t done = result_.received + received;
    const std::int64_t total = total_ == 0 ? 0 : std::max({total_, done, kMega});
    context_.report({.stage = stage, .unit = "MB", .done = done / kMega, .total = total / kMega});
  }

  void fetch(const FetchFile& file, const fs::path& path) {
    const fs::path part = path.string() + ".part";
    if (md5OfFile(part, context_) != file.md5) {
      result_.received += download(file, part, context_, [&](std::int64_t received) { report(nameOf(file), received); });
      const std::string md5 = md5OfFile(part, context_);
      if (md5 != file.md5) {
        std::error_code ignored;
        fs::remove(part, ignored);
        throw DataError(fmt::format("what came from '{}' is not the published file: its MD5 is {}, expected {}; it was removed, fetch it again or "
                                    "name another server with --base-url", file.url, md5, file.md5));
      }
    }
    std::error_code error;
    fs::rename(part, path, error);
    if (error) throw IoError(fmt::format("cannot write '{}': {}; the file is kept as '{}'", path.string(), error.message(), part.string()));
  }

  /// Everything is unpacked before anything is written; the record is written last and the archive removed behind it.
  void unpackAndRecord(const FetchFile& file, const fs::path& archive) {
    report("unpacking " + nameOf(file), 0);
    const std::map<std::string, std::string> contents = unpack(archive, file.members, context_);
    std::string record = recordTitle(file) + "\n";
    for (const std::string& member : file.members) {
      context_.checkpoint();
      writeFileAtomically(folder_ / member, contents.at(member));
      const std::string md5 = md5Of(contents.at(member));
      record += fmt::format("{}  {}\n", md5, member);
      add(folder_ / member, md5, false);
    }
    writeFileAtomically(recordOf(file), record);
    std::error_code ignored;
    fs::remove(archive, ignored);
  }

  const FetchSpec& spec_;
  const fs::path folder_;
  const Context& context_;
  FetchResult result_;
  std::int64_t total_ = 0;
};

}  // namespace

FetchResult fetchDataSet(const FetchSpec& spec, const Context& context) {
  requireSound(spec);
  std::error_code error;
  fs::create_directories(spec.folder, error);
  if (error || !fs::is_directory(spec.folder, error))
    throw IoError(fmt::format("the folder '{}' cannot be made: {}", spec.folder, error ? error.message() : "there is a file of that name"));
  const FolderLock lock(spec.folder);
  return Fetch(spec, context).run();
}

}  // namespace trainer
