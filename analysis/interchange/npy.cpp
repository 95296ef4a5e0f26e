// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/interchange/npy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "analysis/interchange/zip.h"
#include "trainer/base/error.h"
#include "trainer/data/npy_header.h"

namespace analysis {
namespace {

constexpr std::size_t kAlignment = 64;

template <class From>
void addNumbers(std::string_view bytes, std::vector<double>& out) {
  for (std::size_t at = 0; at + sizeof(From) <= bytes.size(); at += sizeof(From)) {
    From value;
    std::memcpy(&value, bytes.data() + at, sizeof(From));
    out.push_back(static_cast<double>(value));
  }
}

struct NumberType {
  std::string_view dtype;
  std::size_t bytes;
  void (*add)(std::string_view, std::vector<double>&);
};

const NumberType* numberType(std::string_view dtype) {
  static const std::vector<NumberType> types = {
      {"<f8", 8, addNumbers<double>},        {"<f4", 4, addNumbers<float>},         {"|u1", 1, addNumbers<std::uint8_t>},  {"|b1", 1, addNumbers<std::uint8_t>},
      {"|i1", 1, addNumbers<std::int8_t>},   {"<u2", 2, addNumbers<std::uint16_t>}, {"<i2", 2, addNumbers<std::int16_t>},  {"<u4", 4, addNumbers<std::uint32_t>},
      {"<i4", 4, addNumbers<std::int32_t>},  {"<u8", 8, addNumbers<std::uint64_t>}, {"<i8", 8, addNumbers<std::int64_t>}};
  const auto found = std::ranges::find(types, dtype, &NumberType::dtype);
  return found == types.end() ? nullptr : &*found;
}

/// Length of the texts of '|S<n>' (n bytes each) and '<U<n>' (n characters of 4 bytes each); 0 for another type.
std::size_t textBytes(const std::string& dtype) {
  if (!dtype.starts_with("|S") && !dtype.starts_with("<U")) return 0;
  std::size_t length = 0;
  std::from_chars(dtype.data() + 2, dtype.data() + dtype.size(), length);
  return dtype[1] == 'U' ? 4 * length : length;
}

/// Of '<U' only what ASCII holds is needed here: names and labels.
std::string textOf(std::string_view bytes, bool wide) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += wide ? 4 : 1) text += !wide || (static_cast<unsigned char>(bytes[i]) < 0x80 && bytes[i + 1] == 0) ? bytes[i] : '?';
  text.resize(text.find_last_not_of('\0') + 1);
  return text;
}

/// In C order: the last index runs fastest.
std::vector<double> reordered(const std::vector<double>& fortran, const std::vector<std::int64_t>& shape) {
  std::vector<double> out(fortran.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::size_t rest = i, at = 0, stride = out.size();
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      const auto size = static_cast<std::size_t>(shape[axis]);
      stride /= size;
      at += rest % size * stride;
      rest /= size;
    }
    out[i] = fortran[at];
  }
  return out;
}

std::string dtypeOf(const NamedArray& a) {
  if (a.texts.empty()) return a.bytes ? "|u1" : "<f8";
  std::size_t longest = 1;
  for (const std::string& text : a.texts) longest = std::max(longest, text.size());
  return fmt::format("|S{}", longest);
}

std::string shapeText(const std::vector<std::int64_t>& shape) { return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : ""); }

}  // namespace

std::string npyBytes(const NamedArray& a) {
  const std::string dtype = dtypeOf(a);
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", dtype, shapeText(a.shape));
  const std::size_t before = 10;  // magic, version, length
  header.resize((before + header.size() + kAlignment) / kAlignment * kAlignment - before, ' ');
  header.back() = '\n';
  std::string out("\x93NUMPY\x01\x00", 8);
  out += static_cast<char>(header.size() & 0xFF);
  out += static_cast<char>(header.size() >> 8);
  out += header;
  for (const std::string& text : a.texts) out += text + std::string(textBytes(dtype) - text.size(), '\0');
  if (a.bytes)
    for (const double v : a.values) out += static_cast<char>(static_cast<std::uint8_t>(v));
  else
    out.append(reinterpret_cast<const char*>(a.values.data()), a.values.size() * sizeof(double));
  return out;
}

NamedArray npyArray(std::string_view bytes, const std::string& name, std::size_t* end) {
  const trainer::NpyHeader header = trainer::npyHeader(bytes, name);
  const NumberType* const type = numberType(header.dtype);
  const std::size_t size = type ? type->bytes : textBytes(header.dtype);
  if (size == 0)
    throw trainer::DataError(fmt::format("'{}' holds values of type {}; expected numbers in little-endian order, for example float64 (array.astype('<f8'))", name, header.dtype));
  double expected = static_cast<double>(size);  // in double: a damaged shape can overflow 64 bits
  for (const std::int64_t n : header.shape) expected *= static_cast<double>(n);
  if (expected > static_cast<double>(bytes.size() - header.dataAt))
    trainer::damagedNpy(name, fmt::format("it holds {} bytes of data, its header promises {:.0f}; copy it again", bytes.size() - header.dataAt, expected));
  const std::string_view data = bytes.substr(header.dataAt, static_cast<std::size_t>(expected));
  NamedArray a{.name = "", .shape = header.shape};
  if (type) type->add(data, a.values);
  else
    for (std::size_t at = 0; at < data.size(); at += size) a.texts.push_back(textOf(data.substr(at, size), header.dtype[1] == 'U'));
  if (header.fortran && a.shape.size() > 1 && type) a.values = reordered(a.values, a.shape);
  a.bytes = header.dtype == "|u1";
  if (end) *end = header.dataAt + data.size();
  return a;
}

std::string npzBytes(const NamedArrays& arrays) {
  ZipMembers members;
  for (const NamedArray& a : arrays) members.emplace_back(a.name + ".npy", npyBytes(a));
  return zipBytes(members);
}

NamedArrays npzArrays(std::string_view bytes, const std::string& name, std::vector<std::string>& skipped) {
  NamedArrays arrays;
  for (const auto& [member, content] : zipMembers(bytes, name)) {
    const std::string array = member.ends_with(".npy") ? member.substr(0, member.size() - 4) : member;
    const trainer::NpyHeader header = trainer::npyHeader(content, name + ": " + member);
    if (!numberType(header.dtype) && textBytes(header.dtype) == 0) {
      skipped.push_back(array);
      continue;
    }
    arrays.push_back(npyArray(content, name + ": " + member));
    arrays.back().name = array;
  }
  return arrays;
}

}  // namespace analysis
