// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/data/npy_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "trainer/base/error.h"

namespace trainer {

void damagedNpy(const std::string& name, const std::string& what) { throw DataError(fmt::format("'{}' is not a sound .npy file: {}", name, what)); }

namespace {

constexpr std::string_view kMagic("\x93NUMPY", 6);
constexpr std::size_t kMostDimensions = 8;

/// The dictionary in text, and where the data starts.
std::string_view dictionaryOf(std::string_view bytes, const std::string& name, std::size_t& dataAt) {
  if (bytes.size() < 10 || !bytes.starts_with(kMagic)) damagedNpy(name, "it does not start with \\x93NUMPY; save it with numpy.save");
  const int version = static_cast<unsigned char>(bytes[6]);
  if (version < 1 || version > 3) damagedNpy(name, fmt::format("its version is {}, known are 1 to 3", version));
  const std::size_t lengthBytes = version == 1 ? 2 : 4;
  const std::size_t start = 8 + lengthBytes;
  std::size_t length = 0;
  for (std::size_t i = 0; i < lengthBytes && 8 + i < bytes.size(); ++i) length |= static_cast<std::size_t>(static_cast<unsigned char>(bytes[8 + i])) << (8 * i);
  if (bytes.size() < start || bytes.size() - start < length) damagedNpy(name, "it ends within its header; copy it again");
  dataAt = start + length;
  return bytes.substr(start, length);
}

/// What follows 'key': in the dictionary, without leading spaces.
std::string_view valueOf(std::string_view dictionary, std::string_view key, const std::string& name) {
  const std::size_t at = dictionary.find(fmt::format("'{}':", key));
  if (at == std::string_view::npos) damagedNpy(name, fmt::format("its header does not say '{}'", key));
  std::string_view value = dictionary.substr(at + key.size() + 3);
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  return value;
}

std::vector<std::int64_t> shapeOf(std::string_view value, const std::string& name) {
  const std::size_t end = value.find(')');
  if (!value.starts_with("(") || end == std::string_view::npos) damagedNpy(name, "its shape is no tuple");
  std::vector<std::int64_t> shape;
  const char* at = value.data() + 1;
  const char* const last = value.data() + end;
  while (at < last && shape.size() <= kMostDimensions) {
    std::int64_t size = 0;
    const auto [next, error] = std::from_chars(at, last, size);
    if (error != std::errc() || size < 0) damagedNpy(name, fmt::format("its shape {} cannot be read", value.substr(0, end + 1)));
    shape.push_back(size);
    at = std::find_if(next, last, [](char c) { return c != ',' && c != ' '; });
  }
  if (shape.size() > kMostDimensions) damagedNpy(name, fmt::format("it has more than {} dimensions", kMostDimensions));
  return shape;
}

}  // namespace

NpyHeader npyHeader(std::string_view bytes, const std::string& name) {
  NpyHeader header;
  const std::string_view dictionary = dictionaryOf(bytes, name, header.dataAt);
  const std::string_view dtype = valueOf(dictionary, "descr", name);
  if (!dtype.starts_with("'")) damagedNpy(name, "it holds records, not plain numbers");
  header.dtype = dtype.substr(1, dtype.find('\'', 1) - 1);
  const std::string_view order = valueOf(dictionary, "fortran_order", name);
  header.fortran = order.starts_with("True");
  if (!header.fortran && !order.starts_with("False")) damagedNpy(name, "its fortran_order is neither True nor False");
  header.shape = shapeOf(valueOf(dictionary, "shape", name), name);
  return header;
}

}  // namespace trainer
