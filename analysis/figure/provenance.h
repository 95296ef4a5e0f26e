// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace analysis {

/// Where a file comes from, as named lines in a fixed order. Each writer puts them where its format keeps such things (PNG text chunks, HDF5 attributes, lines
/// that start with # ...), and `sharpscape info FILE` prints them. No time, host or folder of the machine: what is equal is equal byte by byte.
struct Provenance {
  std::vector<std::pair<std::string, std::string>> lines;  ///< names: command, description, run, seed, checkpoint_hash ...; values have no line breaks

  /// Adds or replaces; an empty value is left out. Line breaks in a value become spaces.
  void set(const std::string& name, const std::string& value);
  /// Empty where there is none.
  std::string get(std::string_view name) const;
  bool empty() const { return lines.empty(); }
  /// A line each: "<prefix>name: value\n".
  std::string text(std::string_view prefix = "") const;
  bool operator==(const Provenance&) const = default;
};

/// Back from text(): lines that start with `prefix` and have a name in front of ": "; others are left out.
Provenance provenanceOfText(std::string_view text, std::string_view prefix = "");

}  // namespace analysis
