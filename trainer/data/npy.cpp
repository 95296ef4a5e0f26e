// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/data/npy.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string_view>

#include "trainer/base/error.h"
#include "trainer/base/files.h"

namespace trainer {
namespace {

constexpr std::string_view kMagic("\x93NUMPY", 6);
constexpr std::size_t kMostDimensions = 8;

struct Header {
  std::string dtype;
  bool fortran = false;
  std::vector<std::int64_t> shape;
  std::size_t dataAt = 0;
};

[[noreturn]] void damaged(const std::string& name, const std::string& what) { throw DataError(fmt::format("'{}' is not a sound .npy file: {}", name, what)); }

/// The dictionary in text, and where the data starts.
std::string_view dictionaryOf(std::string_view bytes, const std::string& name, std::size_t& dataAt) {
  if (bytes.size() < 10 || !bytes.starts_with(kMagic)) damaged(name, "it does not start with \\x93NUMPY; save it with numpy.save");
  const int version = static_cast<unsigned char>(bytes[6]);
  if (version < 1 || version > 3) damaged(name, fmt::format("its version is {}, known are 1 to 3", version));
  const std::size_t lengthBytes = version == 1 ? 2 : 4;
  const std::size_t start = 8 + lengthBytes;
  std::size_t length = 0;
  for (std::size_t i = 0; i < lengthBytes && 8 + i < bytes.size(); ++i) length |= static_cast<std::size_t>(static_cast<unsigned char>(bytes[8 + i])) << (8 * i);
  if (bytes.size() < start || bytes.size() - start < length) damaged(name, "it ends within its header; copy it again");
  dataAt = start + length;
  return bytes.substr(start, length);
}

/// What follows 'key': in the dictionary, without leading spaces.
std::string_view valueOf(std::string_view dictionary, std::string_view key, const std::string& name) {
  const std::size_t at = dictionary.find(fmt::format("'{}':", key));
  if (at == std::string_view::npos) damaged(name, fmt::format("its header does not say '{}'", key));
  std::string_view value = dictionary.substr(at + key.size() + 3);
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  return value;
}

std::vector<std::int64_t> shapeOf(std::string_view value, const std::string& name) {
  const std::size_t end = value.find(')');
  if (!value.starts_with("(") || end == std::string_view::npos) damaged(name, "its shape is no tuple");
  std::vector<std::int64_t> shape;
  const char* at = value.data() + 1;
  const char* const last = value.data() + end;
  while (at < last && shape.size() <= kMostDimensions) {
    std::int64_t size = 0;
    const auto [next, error] = std::from_chars(at, last, size);
    if (error != std::errc() || size < 0) damaged(name, fmt::format("its shape {} cannot be read", value.substr(0, end + 1)));
    shape.push_back(size);
    at = std::find_if(next, last, [](char c) { return c != ',' && c != ' '; });
  }
  if (shape.size() > kMostDimensions) damaged(name, fmt::format("it has more than {} dimensions", kMostDimensions));
  return shape;
}

Header headerOf(std::string_view bytes, const std::string& name) {
  Header header;
  const std::string_view dictionary = dictionaryOf(bytes, name, header.dataAt);
  const std::string_view dtype = valueOf(dictionary, "descr", name);
  if (!dtype.starts_with("'")) damaged(name, "it holds records, not plain numbers");
  header.dtype = dtype.substr(1, dtype.find('\'', 1) - 1);
  const std::string_view order = valueOf(dictionary, "fortran_order", name);
  header.fortran = order.starts_with("True");
  if (!header.fortran && !order.starts_with("False")) damaged(name, "its fortran_order is neither True nor False");
  header.shape = shapeOf(valueOf(dictionary, "shape", name), name);
  return header;
}

/// Copies numbers of type From, which lie anywhere in memory, into a tensor of type To.
template <class From, class To>
void copyNumbers(const char* from, const at::Tensor& to) {
  To* const out = to.mutable_data_ptr<To>();
  for (std::int64_t i = 0; i < to.numel(); ++i) {
    From value;
    std::memcpy(&value, from + static_cast<std::size_t>(i) * sizeof(From), sizeof(From));
    out[i] = static_cast<To>(value);
  }
}

at::Tensor reversedAxes(const at::Tensor& array) {
  std::vector<std::int64_t> axes;
  for (std::int64_t axis = array.dim() - 1; axis >= 0; --axis) axes.push_back(axis);
  return array.permute(axes);
}

struct Kind {
  std::string_view dtype;
  std::size_t bytes;
  at::ScalarType type;
  void (*copy)(const char*, const at::Tensor&);
};

const Kind* kindOf(std::string_view dtype) {
  static const std::vector<Kind> kinds = {
      {"|u1", 1, at::kByte, copyNumbers<std::uint8_t, std::uint8_t>},   {"|i1", 1, at::kLong, copyNumbers<std::int8_t, std::int64_t>},
      {"<u2", 2, at::kLong, copyNumbers<std::uint16_t, std::int64_t>},  {"<i2", 2, at::kLong, copyNumbers<std::int16_t, std::int64_t>},
      {"<u4", 4, at::kLong, copyNumbers<std::uint32_t, std::int64_t>},  {"<i4", 4, at::kLong, copyNumbers<std::int32_t, std::int64_t>},
      {"<u8", 8, at::kLong, copyNumbers<std::uint64_t, std::int64_t>},  {"<i8", 8, at::kLong, copyNumbers<std::int64_t, std::int64_t>},
      {"<f4", 4, at::kFloat, copyNumbers<float, float>},                {"<f8", 8, at::kDouble, copyNumbers<double, double>}};
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const Kind& k) { return k.dtype == dtype; });
  return found == kinds.end() ? nullptr : &*found;
}

}  // namespace

NpyFile readNpy(const std::filesystem::path& path) {
  const std::string bytes = readFile(path);
  const std::string name = path.string();
  const Header header = headerOf(bytes, name);
  const Kind* const kind = kindOf(header.dtype);
  if (!kind)
    throw DataError(fmt::format("'{}' holds numbers of type {}; save it as uint8, float32 or float64 (labels: any little-endian integer)", name, header.dtype));
  double expected = static_cast<double>(kind->bytes);  // in double: a damaged shape can overflow 64 bits
  for (const std::int64_t size : header.shape) expected *= static_cast<double>(size);
  const auto found = static_cast<double>(bytes.size() - header.dataAt);
  if (found != expected) damaged(name, fmt::format("it holds {:.0f} bytes of data, its header promises {:.0f}; copy it again", found, expected));
  std::vector<std::int64_t> shape = header.shape;
  if (header.fortran) std::reverse(shape.begin(), shape.end());
  at::Tensor array = at::empty(shape, kind->type);
  kind->copy(bytes.data() + header.dataAt, array);
  if (header.fortran) array = reversedAxes(array).contiguous();
  return {header.dtype, array, contentHash(bytes)};
}

}  // namespace trainer
