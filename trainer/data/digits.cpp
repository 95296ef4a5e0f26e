// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <array>
#include <charconv>

#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/data/embedded.h"
#include "trainer/data/readers.h"

SHARPSCAPE_EMBED(sharpscapeDigits, SHARPSCAPE_DIGITS);

namespace trainer {
namespace {

constexpr std::int64_t kSide = 8;
constexpr std::int64_t kPixels = kSide * kSide;
constexpr std::int64_t kClasses = 10;

struct Part {
  std::vector<std::uint8_t> pixels;
  std::vector<std::int64_t> labels;

  void append(const std::array<std::uint8_t, kPixels + 1>& line) {
    pixels.insert(pixels.end(), line.begin(), line.end() - 1);
    labels.push_back(line.back());
  }
  Dataset dataset() const {
    const auto n = static_cast<std::int64_t>(labels.size());
    return {at::tensor(pixels, at::kByte).view({n, 1, kSide, kSide}), at::tensor(labels, at::kLong)};
  }
};

/// 64 pixels and the label, separated by commas. Moves `at` behind the line's end.
std::array<std::uint8_t, kPixels + 1> parseLine(const char*& at, const char* end) {
  std::array<std::uint8_t, kPixels + 1> line{};
  for (std::uint8_t& value : line) {
    const auto [next, error] = std::from_chars(at, end, value);
    if (error != std::errc() || value > 16) throw DataError("the built-in digits are damaged: this copy of the program is not whole");
    at = next + (next < end ? 1 : 0);
  }
  return line;
}

}  // namespace

DataSplit readDigits() {
  const std::string packed(sharpscapeDigitsBegin, sharpscapeDigitsEnd);
  const std::string text = decompress(packed, "the built-in digits");
  std::array<int, kClasses> seen{};
  Part train;
  Part test;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    const auto line = parseLine(at, end);
    int& count = seen.at(line.back());
    ++count;
    (count % 5 == 0 ? test : train).append(line);
  }
  DataSplit split;
  split.train = train.dataset();
  split.test = test.dataset();
  split.shape = {.channels = 1, .height = kSide, .width = kSide, .classes = kClasses};
  split.normalisation.scale = 16;
  split.hash = contentHash(text);
  return split;
}

}  // namespace trainer
