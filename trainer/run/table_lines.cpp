// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/table_lines.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "trainer/base/error.h"
#include "trainer/base/files.h"

namespace trainer {

std::vector<double> parseNumbers(std::string_view line, std::size_t count, const std::filesystem::path& file, std::size_t lineNumber) {
  std::vector<double> values(count);
  const char* at = line.data();
  const char* const end = at + line.size();
  for (std::size_t i = 0; i < count; ++i) {
    const auto [next, error] = std::from_chars(at, end, values[i]);
    const bool last = i + 1 == count;
    if (error != std::errc() || (last ? next != end : next == end || *next != ','))
      throw DataError(fmt::format("'{}' line {} is damaged: expected {} numbers with commas between", file.string(), lineNumber, count));
    at = last ? next : next + 1;
  }
  return values;
}

void forEachLine(const std::filesystem::path& file, const std::function<void(std::string_view, std::size_t)>& use) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return;
  const std::string text = readFile(file);
  std::string_view rest = text;
  for (std::size_t number = 1;; ++number) {
    const std::size_t newline = rest.find('\n');
    if (newline == std::string_view::npos) return;
    const std::string_view line = rest.substr(0, newline);
    rest.remove_prefix(newline + 1);
    use(line, number);
  }
}

void requireHeader(std::string_view line, std::string_view expected, const std::filesystem::path& file) {
  if (line != expected) throw DataError(fmt::format("'{}' starts with '{}', expected '{}'", file.string(), line.substr(0, 100), expected));
}

std::int64_t whole(double value, const std::filesystem::path& file) {
  if (!(std::abs(value) < 9e15)) throw DataError(fmt::format("'{}' is damaged: {} is not a step", file.string(), value));
  return static_cast<std::int64_t>(value);
}

}  // namespace trainer
