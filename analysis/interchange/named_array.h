// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace analysis {

/// An array of a file: numbers in C order (every number type as double), or texts. A shape without dimensions is a single value.
struct NamedArray {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<double> values{};
  std::vector<std::string> texts{};
  bool bytes = false;  ///< written as unsigned bytes, not as float64
  bool operator==(const NamedArray&) const = default;
};
using NamedArrays = std::vector<NamedArray>;

/// nullptr where there is none.
inline const NamedArray* findArray(const NamedArrays& arrays, std::string_view name) {
  for (const NamedArray& a : arrays)
    if (a.name == name) return &a;
  return nullptr;
}

/// A list of numbers.
inline NamedArray listArray(std::string name, std::vector<double> values) {
  const auto count = static_cast<std::int64_t>(values.size());
  return {.name = std::move(name), .shape = {count}, .values = std::move(values)};
}

/// A single text.
inline NamedArray textArray(std::string name, std::string text) { return {.name = std::move(name), .shape = {}, .values = {}, .texts = {std::move(text)}}; }

}  // namespace analysis
