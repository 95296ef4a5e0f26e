// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/array_files.h"

#include <algorithm>

#include "analysis/export/surface_columns.h"
#include "analysis/interchange/npy.h"

namespace analysis {
namespace {

struct NumberOfCell {
  double operator()(std::monostate) const { return kUnknown; }
  double operator()(const std::string&) const { return kUnknown; }
  template <class T>
  double operator()(const T& value) const {
    return static_cast<double>(value);
  }
};

NamedArray columnArray(const ResultTable& table, std::size_t column, const std::string& name) {
  NamedArray a{.name = name, .shape = {static_cast<std::int64_t>(table.rows.size())}};
  const bool texts = std::ranges::any_of(table.rows, [&](const auto& row) { return std::holds_alternative<std::string>(row[column]); });
  for (const auto& row : table.rows) {
    if (!texts) a.values.push_back(std::visit(NumberOfCell(), row[column]));
    else a.texts.push_back(std::holds_alternative<std::string>(row[column]) ? std::get<std::string>(row[column]) : std::string());
  }
  return a;
}

}  // namespace

std::string npzFile(const SurfaceGrid& grid, const Provenance& provenance) {
  NamedArrays arrays = surfaceArrays(grid);
  arrays.push_back(textArray("metadata", provenance.text()));
  return npzBytes(arrays);
}

std::string npzFile(const std::vector<ResultTable>& tables, const Provenance& provenance) {
  NamedArrays arrays;
  for (const ResultTable& table : tables)
    for (std::size_t i = 0; i < table.columns.size(); ++i) arrays.push_back(columnArray(table, i, (tables.size() > 1 ? table.name + "_" : "") + table.columns[i]));
  arrays.push_back(textArray("metadata", provenance.text()));
  return npzBytes(arrays);
}

std::string npyFile(const SurfaceGrid& grid, const Provenance& provenance) {
  const NamedArrays arrays = surfaceArrays(grid);
  std::string out;
  for (const std::string& name : {surfaceColumns(grid).front().name, std::string("x"), std::string("y"), std::string("computed"), std::string("interpolated")})
    if (const NamedArray* a = findArray(arrays, name)) out += npyBytes(*a);
  return out + npyBytes(textArray("metadata", provenance.text()));
}

}  // namespace analysis
