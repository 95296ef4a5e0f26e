// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/curvature_measures.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

namespace trainer {

std::vector<std::string> curvatureMeasures(const std::string& list) {
  std::vector<std::string> named;
  for (std::size_t start = 0; start <= list.size();) {
    const std::size_t comma = std::min(list.find(',', start), list.size());
    const std::string word = list.substr(start, comma - start);
    if (std::find(kCurvatureMeasures.begin(), kCurvatureMeasures.end(), word) == kCurvatureMeasures.end())
      throw std::invalid_argument(fmt::format("unknown --curvature-measures '{}'; this version has: {}", word, fmt::join(kCurvatureMeasures, ", ")));
    if (std::find(named.begin(), named.end(), word) != named.end())
      throw std::invalid_argument(fmt::format("--curvature-measures names '{}' twice", word));
    named.push_back(word);
    start = comma + 1;
  }
  const auto place = [](const std::string& m) { return std::find(kCurvatureMeasures.begin(), kCurvatureMeasures.end(), m); };
  std::sort(named.begin(), named.end(), [&](const std::string& a, const std::string& b) { return place(a) < place(b); });
  return named;
}

bool tracks(const std::string& list, std::string_view measure) {
  return fmt::format(",{},", list).find(fmt::format(",{},", measure)) != std::string::npos;
}

std::string columnOf(std::string_view measure) {
  std::string column(measure);
  std::replace(column.begin(), column.end(), '-', '_');
  return column;
}

}  // namespace trainer
