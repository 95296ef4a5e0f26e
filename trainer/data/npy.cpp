// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/data/npy.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/data/npy_header.h"

namespace trainer {
namespace {

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
  const NpyHeader header = npyHeader(bytes, name);
  const Kind* const kind = kindOf(header.dtype);
  if (!kind)
    throw DataError(fmt::format("'{}' holds numbers of type {}; save it as uint8, float32 or float64 (labels: any little-endian integer)", name, header.dtype));
  double expected = static_cast<double>(kind->bytes);  // in double: a damaged shape can overflow 64 bits
  for (const std::int64_t size : header.shape) expected *= static_cast<double>(size);
  const auto found = static_cast<double>(bytes.size() - header.dataAt);
  if (found != expected) damagedNpy(name, fmt::format("it holds {:.0f} bytes of data, its header promises {:.0f}; copy it again", found, expected));
  std::vector<std::int64_t> shape = header.shape;
  if (header.fortran) std::reverse(shape.begin(), shape.end());
  at::Tensor array = at::empty(shape, kind->type);
  kind->copy(bytes.data() + header.dataAt, array);
  if (header.fortran) array = reversedAxes(array).contiguous();
  return {header.dtype, array, contentHash(bytes)};
}

}  // namespace trainer
