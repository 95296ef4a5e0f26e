// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <zlib.h>

#include "trainer/base/error.h"
#include "trainer/data/readers.h"

namespace trainer {

std::string decompress(const std::string& bytes, const std::string& name) {
  if (bytes.size() < 2 || bytes[0] != '\x1f' || bytes[1] != '\x8b') return bytes;
  z_stream stream{};
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) throw DataError("zlib could not be started");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  std::string buffer(1 << 18, '\0');
  int state = Z_OK;
  while (state == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    state = inflate(&stream, Z_NO_FLUSH);
    out.append(buffer, 0, buffer.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (state == Z_STREAM_END) return out;
  if (state == Z_BUF_ERROR)
    throw DataError(fmt::format("'{}' is cut short: it ends after {} compressed bytes; copy it again", name, bytes.size()));
  throw DataError(fmt::format("'{}' is damaged: its compressed data does not unpack; copy it again", name));
}

}  // namespace trainer
