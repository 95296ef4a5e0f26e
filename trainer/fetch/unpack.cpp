// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/fetch/unpack.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "trainer/base/error.h"

namespace trainer {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kMostBytes = std::size_t{1} << 30;
constexpr std::size_t kPiece = std::size_t{1} << 20;

/// The bytes of a .gz, one after the other.
class GzipReader {
 public:
  GzipReader(const std::filesystem::path& path, const Context& context) : path_(path), context_(context), file_(gzopen(path.c_str(), "rbe")) {
    if (file_ == nullptr) throw IoError(fmt::format("cannot open '{}': {}", path.string(), std::strerror(errno)));
    gzbuffer(file_, 1 << 18);
  }
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;
  ~GzipReader() { gzclose_r(file_); }

  /// `size` bytes, fewer only where the archive ends.
  std::string read(std::size_t size) {
    if (size > kMostBytes - total_) damaged("unpacks to more than 1 GiB");
    std::string bytes(size, '\0');
    std::size_t have = 0;
    while (have < size) {
      context_.checkpoint();
      const int n = gzread(file_, bytes.data() + have, static_cast<unsigned>(std::min(kPiece, size - have)));
      if (n > 0) have += static_cast<std::size_t>(n);
      if (n <= 0) {
        requireSound();
        break;
      }
    }
    total_ += have;
    bytes.resize(have);
    return bytes;
  }

  /// Passes over `size` bytes.
  void skip(std::size_t size) {
    for (std::size_t n = 0; size > 0; size -= n) {
      n = std::min(kPiece, size);
      if (read(n).size() < n) cutShort();
    }
  }

  /// Reads to the end, where gzip keeps its own checksum.
  void finish() {
    while (read(kPiece).size() == kPiece) {
    }
  }

  [[noreturn]] void damaged(const std::string& how) const { throw DataError(fmt::format("the archive '{}' is damaged: it {}", path_.string(), how)); }
  [[noreturn]] void cutShort() const { damaged("ends in the middle of a file"); }

 private:
  void requireSound() {
    int state = Z_OK;
    gzerror(file_, &state);
    if (state == Z_BUF_ERROR) cutShort();
    if (state != Z_OK && state != Z_STREAM_END) damaged("does not unpack");
  }

  std::filesystem::path path_;
  const Context& context_;
  gzFile file_;
  std::size_t total_ = 0;
};

/// Octal digits, with blanks around them; nothing for anything else.
std::optional<std::size_t> octal(std::string field) {
  field.resize(std::min(field.size(), field.find('\0')));
  const auto first = field.find_first_not_of(' '), last = field.find_last_not_of(' ');
  if (first == std::string::npos) return std::nullopt;
  std::size_t value = 0;
  for (std::size_t i = first; i <= last; ++i) {
    if (field[i] < '0' || field[i] > '7') return std::nullopt;
    value = value * 8 + static_cast<std::size_t>(field[i] - '0');
  }
  return value;
}

struct TarEntry {
  std::string baseName;
  std::size_t size = 0;
  bool isRegularFile = false;
};

/// One header: name at 0 (100 bytes), size at 124 (12), checksum at 148 (8), type at 156. The prefix at 345 only adds folders.
TarEntry parseHeader(const std::string& header, const GzipReader& archive) {
  std::size_t sum = 8 * ' ';  // the checksum's own bytes count as blanks
  for (std::size_t i = 0; i < kBlock; ++i)
    if (i < 148 || i >= 156) sum += static_cast<unsigned char>(header[i]);
  const auto size = octal(header.substr(124, 12));
  if (octal(header.substr(148, 8)) != sum || !size || *size > kMostBytes) archive.damaged("has a header that is not one of tar's");
  const std::string path = header.substr(0, std::min<std::size_t>(100, header.find('\0')));
  const char type = header[156];
  return {path.substr(path.rfind('/') + 1), *size, type == '0' || type == '\0'};
}

}  // namespace

std::map<std::string, std::string> unpack(const std::filesystem::path& path, const std::vector<std::string>& members, const Context& context) {
  GzipReader archive(path, context);
  std::map<std::string, std::string> found;
  for (;;) {
    const std::string header = archive.read(kBlock);
    if (header.size() < kBlock) archive.cutShort();
    if (header.find_first_not_of('\0') == std::string::npos) break;
    const TarEntry entry = parseHeader(header, archive);
    const std::size_t padding = (kBlock - entry.size % kBlock) % kBlock;
    if (!entry.isRegularFile || std::find(members.begin(), members.end(), entry.baseName) == members.end()) {
      archive.skip(entry.size + padding);
      continue;
    }
    if (found.contains(entry.baseName)) archive.damaged(fmt::format("holds {} twice", entry.baseName));
    std::string& content = found[entry.baseName] = archive.read(entry.size);
    if (content.size() < entry.size) archive.cutShort();
    archive.skip(padding);
  }
  archive.finish();
  for (const std::string& member : members)
    if (!found.contains(member)) archive.damaged(fmt::format("holds no {}", member));
  return found;
}

}  // namespace trainer
