// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/figure/provenance.h"

#include <algorithm>

namespace analysis {

void Provenance::set(const std::string& name, const std::string& value) {
  if (value.empty()) return;
  std::string line = value;
  std::replace_if(line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\0'; }, ' ');
  const auto found = std::ranges::find(lines, name, &std::pair<std::string, std::string>::first);
  if (found != lines.end()) found->second = std::move(line);
  else lines.emplace_back(name, std::move(line));
}

std::string Provenance::get(std::string_view name) const {
  const auto found = std::ranges::find(lines, name, &std::pair<std::string, std::string>::first);
  return found == lines.end() ? std::string() : found->second;
}

std::string Provenance::text(std::string_view prefix) const {
  std::string all;
  for (const auto& [name, value] : lines) all.append(prefix).append(name).append(": ").append(value).append("\n");
  return all;
}

Provenance provenanceOfText(std::string_view text, std::string_view prefix) {
  Provenance p;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.starts_with(prefix)) continue;
    line.remove_prefix(prefix.size());
    const std::size_t colon = line.find(": ");
    const std::string_view name = line.substr(0, std::min(colon, line.size()));
    const bool isName = colon != std::string_view::npos && !name.empty() &&
                        std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
    if (isName) p.set(std::string(name), std::string(line.substr(colon + 2)));
  }
  return p;
}

}  // namespace analysis
