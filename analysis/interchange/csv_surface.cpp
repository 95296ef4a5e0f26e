// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "analysis/interchange/surface_readers.h"

namespace analysis {
namespace {

struct Cell {
  std::string text;
  double value = kUnknown;
  bool number = false;
};
using Row = std::vector<Cell>;

/// "0.5", "-inf", "nan"; a leading + is fine.
Cell cellOf(std::string text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
  text.erase(0, std::min(text.find_first_not_of(" \t"), text.size()));
  Cell cell{.text = text};
  const char* const from = text.data() + (text.starts_with('+') ? 1 : 0);
  const auto [end, error] = std::from_chars(from, text.data() + text.size(), cell.value);
  cell.number = !text.empty() && error == std::errc() && end == text.data() + text.size();
  if (!cell.number) cell.value = kUnknown;
  return cell;
}

/// One line, with quotes as in RFC 4180. A blank separator takes any run of blanks.
Row cellsOf(std::string_view line, char separator) {
  Row row;
  std::string text;
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') text += line[++i];
    else if (c == '"') quoted = !quoted;
    else if (c == separator && !quoted) {
      if (separator != ' ' || !text.empty()) row.push_back(cellOf(std::move(text)));
      text.clear();
    } else text += c;
  }
  if (separator != ' ' || !text.empty()) row.push_back(cellOf(std::move(text)));
  return row;
}

struct Table {
  std::vector<std::string> names;           ///< empty: no header
  std::vector<Row> rows;
  std::vector<std::size_t> lines;           ///< where each row stood, from 1
};

/// Lines with another prefix are left out; an empty prefix takes those that are neither blank nor comments.
Table tableOf(const std::string& text, const std::string& prefix, const std::string& name) {
  Table table;
  char separator = 0;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = std::string_view(text).substr(at, end - at);
    at = end + 1, ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (prefix.empty() ? line.find_first_not_of(" \t") == std::string_view::npos || line.starts_with('#') : !line.starts_with(prefix)) continue;
    line.remove_prefix(prefix.size());
    if (separator == 0)
      for (const char c : {',', ';', '\t', ' '})
        if (separator == 0 && line.find(c) != std::string_view::npos) separator = c;
    Row row = cellsOf(line, separator == 0 ? ',' : separator);
    const bool header = table.rows.empty() && table.names.empty() && std::ranges::any_of(row, [](const Cell& c) { return !c.number && !c.text.empty(); });
    if (header) {
      for (const Cell& c : row) table.names.push_back(c.text);
      continue;
    }
    const std::size_t expected = table.names.empty() && !table.rows.empty() ? table.rows.front().size() : table.names.empty() ? row.size() : table.names.size();
    if (row.size() != expected) refuseSurface(name, fmt::format("line {} has {} cells, the lines before it {}", number, row.size(), expected));
    table.rows.push_back(std::move(row));
    table.lines.push_back(number);
  }
  return table;
}

void requireNumber(const Table& t, std::size_t row, std::size_t column, const std::string& name) {
  const Cell& c = t.rows[row][column];
  if (!c.number && !c.text.empty())
    refuseSurface(name, fmt::format("line {}, column {}: '{}' is not a number", t.lines[row], column + 1, c.text.size() > 40 ? c.text.substr(0, 40) + "..." : c.text));
}

std::size_t columnNamed(const Table& t, const std::vector<std::string>& names) {
  for (const std::string& name : names)
    if (const auto found = std::ranges::find(t.names, name); found != t.names.end()) return static_cast<std::size_t>(found - t.names.begin());
  return t.names.size();
}

/// The place of each different value, ascending.
std::map<double, std::size_t> placesOf(const Table& t, std::size_t column, const std::string& name) {
  std::map<double, std::size_t> places;
  for (std::size_t r = 0; r < t.rows.size(); ++r) {
    requireNumber(t, r, column, name);
    if (!std::isfinite(t.rows[r][column].value)) refuseSurface(name, fmt::format("line {}: the coordinate in column {} is not a finite number", t.lines[r], column + 1));
    places.emplace(t.rows[r][column].value, 0);
  }
  std::size_t next = 0;
  for (auto& [value, place] : places) place = next++;
  return places;
}

std::vector<double> keysOf(const std::map<double, std::size_t>& places) {
  std::vector<double> keys;
  for (const auto& [value, place] : places) keys.push_back(value);
  return keys;
}

/// Where a table says 0 of a point that has values: interpolated, hence not computed.
template <class Place>
NamedArray interpolatedOf(const Table& t, std::size_t column, NamedArray& computed, const Place& placeOf) {
  NamedArray a{.name = "interpolated", .shape = computed.shape, .values = std::vector<double>(computed.values.size(), 0)};
  for (const Row& row : t.rows)
    if (const std::size_t at = placeOf(row); computed.values[at] != 0 && row[column].number && row[column].value == 0) a.values[at] = 1, computed.values[at] = 0;
  return a;
}

/// A row a point: x, y and values by name. A cell that is empty is a point that is missing.
NamedArrays arraysOf(const Table& t, std::size_t xColumn, std::size_t yColumn, const std::string& name) {
  const bool slice = yColumn >= t.names.size();
  const auto xs = placesOf(t, xColumn, name);
  const auto ys = slice ? std::map<double, std::size_t>{{0, 0}} : placesOf(t, yColumn, name);
  const std::size_t count = xs.size() * ys.size();
  if (2 * t.rows.size() < count)
    refuseSurface(name, fmt::format("its {} rows have {} different x and {} different y, which is no grid", t.rows.size(), xs.size(), ys.size()));
  NamedArrays arrays{listArray("x", keysOf(xs))};
  if (!slice) arrays.push_back(listArray("y", keysOf(ys)));
  std::vector<std::int64_t> shape{static_cast<std::int64_t>(xs.size())};
  if (!slice) shape.insert(shape.begin(), static_cast<std::int64_t>(ys.size()));
  NamedArray computed{.name = "computed", .shape = shape, .values = std::vector<double>(count, 0)};
  std::vector<std::size_t> seen(count, 0);
  const auto placeOf = [&](const Row& row) { return (slice ? 0 : ys.at(row[yColumn].value)) * xs.size() + xs.at(row[xColumn].value); };
  const std::size_t marks = columnNamed(t, {"computed"});
  for (std::size_t column = 0; column < t.names.size(); ++column) {
    if (column == xColumn || column == yColumn || column == marks) continue;
    NamedArray a{.name = t.names[column], .shape = shape, .values = std::vector<double>(count, kUnknown)};
    for (std::size_t r = 0; r < t.rows.size(); ++r) {
      requireNumber(t, r, column, name);
      const std::size_t at = placeOf(t.rows[r]);
      if (seen[at] != 0 && seen[at] != r + 1) refuseSurface(name, fmt::format("lines {} and {} are the same point", t.lines[seen[at] - 1], t.lines[r]));
      seen[at] = r + 1;
      a.values[at] = t.rows[r][column].value;
      if (t.rows[r][column].number) computed.values[at] = 1;
    }
    arrays.push_back(std::move(a));
  }
  if (marks < t.names.size()) arrays.push_back(interpolatedOf(t, marks, computed, placeOf));
  arrays.push_back(std::move(computed));
  return arrays;
}

/// Nothing but numbers: a matrix of losses, rows of y.
NamedArray matrixOf(const Table& t, const std::string& name) {
  NamedArray a{.name = "loss", .shape = {static_cast<std::int64_t>(t.rows.size()), static_cast<std::int64_t>(t.rows.front().size())}};
  for (std::size_t r = 0; r < t.rows.size(); ++r)
    for (std::size_t c = 0; c < t.rows[r].size(); ++c) {
      requireNumber(t, r, c, name);
      a.values.push_back(t.rows[r][c].value);
    }
  return a;
}

/// The table that stands aside in a csv of ours.
void addTrajectory(NamedArrays& arrays, const Table& t) {
  for (std::size_t c = 0; c < t.names.size(); ++c) {
    NamedArray a{.name = "trajectory_" + t.names[c], .shape = {static_cast<std::int64_t>(t.rows.size())}};
    for (const Row& row : t.rows)
      if (t.names[c] == "run") a.texts.push_back(row[c].text);
      else a.values.push_back(row[c].value);
    arrays.push_back(std::move(a));
  }
}

}  // namespace

ImportedSurface csvSurface(const std::string& text, const std::string& name) {
  Table t = tableOf(text, "", name);
  if (t.rows.empty()) refuseSurface(name, "it has no lines of numbers");
  const Provenance provenance = provenanceOfText(text, "# ");
  const std::size_t width = t.rows.front().size();
  const bool known = !t.names.empty();
  if (!known && (width == 2 || width == 3)) t.names = width == 2 ? std::vector<std::string>{"x", "loss"} : std::vector<std::string>{"x", "y", "loss"};
  if (t.names.empty()) {
    ImportedSurface s = bareArray(matrixOf(t, name), false, name);
    s.format = s.result.origin.format = "matrix of numbers (.csv)";
    s.rowsShifted = false;
    std::erase_if(s.warnings, [](const std::string& w) { return w.find("shifted") != std::string::npos; });
    return s;
  }
  const std::size_t x = columnNamed(t, {"x", "X", "alpha", "t"}), y = columnNamed(t, {"y", "Y", "beta"});
  if (x == t.names.size()) refuseSurface(name, fmt::format("its header names no x; expected columns x, y and a loss, found {}", fmt::format("'{}'", t.names.front())));
  NamedArrays arrays = arraysOf(t, x, y, name);
  const auto values = static_cast<std::ptrdiff_t>(y < t.names.size() ? 2 : 1);  // x, y, the other columns, computed
  if (!lossArray(arrays) && static_cast<std::ptrdiff_t>(arrays.size()) > values + 1) arrays[static_cast<std::size_t>(values)].name = "loss";
  addTrajectory(arrays, tableOf(text, "#> ", name));
  const bool ours = provenance.get("command").starts_with("sharpscape");
  ImportedSurface s = surfaceOfArrays(arrays, provenance, ours ? ".csv of Sharpscape" : "table of points (.csv)", name);
  if (ours) return s;
  s.unknown = {"It does not say on how many samples, with which batch-norm statistics, along which directions and in which precision it was computed."};
  s.result.origin.format = s.format, s.result.origin.unknown = s.unknown;
  return s;
}

}  // namespace analysis
