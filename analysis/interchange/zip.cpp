// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/interchange/zip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <cstdint>
#include <limits>
#include <stdexcept>

#include "trainer/base/error.h"

namespace analysis {
namespace {

constexpr std::uint32_t kLocal = 0x04034b50, kCentral = 0x02014b50, kEnd = 0x06054b50;  // signatures (APPNOTE 4.3)
constexpr std::uint16_t kVersion = 20, kDate = 0x21;                                    // 1980-01-01
constexpr std::size_t kLocalSize = 30, kCentralSize = 46, kEndSize = 22;
constexpr std::uint64_t kMost = std::uint64_t{2} << 30;

std::string little(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
  return out;
}

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// CRC, both sizes and the length of the name: what the local and the central header share.
std::string common(const std::string& name, const std::string& content) {
  return little(0, 2) + little(0, 2) + little(0, 2) + little(kDate, 2) + little(checksum(content), 4) + little(content.size(), 4) + little(content.size(), 4) +
         little(name.size(), 2) + little(0, 2);
}

class Archive {
 public:
  Archive(std::string_view bytes, const std::string& name) : bytes_(bytes), name_(name) {}

  ZipMembers read() const {
    const std::size_t end = endRecord();
    const std::uint64_t count = number(end + 10, 2);
    std::uint64_t at = number(end + 16, 4), total = 0;
    if (count == 0xFFFF || at == 0xFFFFFFFF) damaged("it is larger than 4 GiB, which is not read here");
    ZipMembers members;
    for (std::uint64_t i = 0; i < count; ++i) {
      if (number(at, 4) != kCentral) damaged("its list of members is broken");
      total += number(at + 24, 4);
      if (total > kMost) damaged("it would unpack to more than 2 GiB");
      const std::uint64_t nameLength = number(at + 28, 2);
      members.emplace_back(std::string(part(at + kCentralSize, nameLength)), content(at));
      at += kCentralSize + nameLength + number(at + 30, 2) + number(at + 32, 2);
    }
    return members;
  }

 private:
  [[noreturn]] void damaged(const std::string& what) const {
    throw trainer::DataError(fmt::format("'{}' is not a sound zip archive (.npz): {}; copy it again or save it with numpy.savez", name_, what));
  }
  std::string_view part(std::uint64_t at, std::uint64_t size) const {
    if (at > bytes_.size() || size > bytes_.size() - at) damaged(fmt::format("it ends after {} bytes, within a member", bytes_.size()));
    return bytes_.substr(at, size);
  }
  std::uint64_t number(std::uint64_t at, std::size_t bytes) const {
    std::uint64_t value = 0;
    const std::string_view text = part(at, bytes);
    for (std::size_t i = bytes; i-- > 0;) value = (value << 8) | static_cast<unsigned char>(text[i]);
    return value;
  }
  std::size_t endRecord() const {
    if (bytes_.size() < kEndSize) damaged("it is too short");
    const std::string signature = little(kEnd, 4);
    const std::size_t at = bytes_.rfind(signature, bytes_.size() - kEndSize);
    if (at == std::string_view::npos) damaged("its end is missing, so it was cut short");
    return at;
  }
  /// Of the member whose central header is at `at`.
  std::string content(std::uint64_t at) const {
    const std::uint64_t flags = number(at + 8, 2), method = number(at + 10, 2), packed = number(at + 20, 4), size = number(at + 24, 4), local = number(at + 42, 4);
    if ((flags & 1) != 0 || (method != 0 && method != 8)) damaged("a member is encrypted or compressed in a way that is not known");
    if (number(local, 4) != kLocal) damaged("a member does not start where it should");
    const std::string_view raw = part(local + kLocalSize + number(local + 26, 2) + number(local + 28, 2), packed);
    std::string out = method == 0 ? std::string(raw) : inflated(raw, size);
    if (out.size() != size || checksum(out) != number(at + 16, 4)) damaged("a member does not match its checksum");
    return out;
  }
  std::string inflated(std::string_view raw, std::uint64_t size) const {
    std::string out(size, '\0');
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw trainer::Error("zlib cannot be started");
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(raw.data()));  // zlib's interface; it is not written to
    stream.avail_in = static_cast<uInt>(raw.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int status = inflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    if (status != Z_STREAM_END) damaged("a compressed member is broken");
    return out;
  }

  std::string_view bytes_;
  const std::string& name_;
};

}  // namespace

std::string zipBytes(const ZipMembers& members) {
  std::string out, directory;
  for (const auto& [name, content] : members) {
    if (out.size() + content.size() > std::numeric_limits<std::uint32_t>::max()) throw std::invalid_argument("the arrays are larger than the 4 GiB that a .npz holds");
    directory += little(kCentral, 4) + little(kVersion, 2) + little(kVersion, 2) + common(name, content) + little(0, 10) + little(out.size(), 4) + name;
    out += little(kLocal, 4) + little(kVersion, 2) + common(name, content) + name + content;
  }
  const std::string count = little(members.size(), 2);
  const std::string end = little(kEnd, 4) + little(0, 4) + count + count + little(directory.size(), 4) + little(out.size(), 4) + little(0, 2);
  return out + directory + end;
}

ZipMembers zipMembers(std::string_view bytes, const std::string& name) { return Archive(bytes, name).read(); }

}  // namespace analysis
