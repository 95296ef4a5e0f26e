// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/vtk_file.h"

#include <fmt/format.h>

#include <cmath>

namespace analysis {
namespace {

std::string array(const char* name, const std::vector<double>& values) {
  std::string text = fmt::format("        <DataArray type=\"Float64\" Name=\"{}\" format=\"ascii\">\n", name);
  for (const double v : values) text += std::isnan(v) ? "nan\n" : fmt::format("{}\n", v);
  return text + "        </DataArray>\n";
}

/// VTK's ASCII strings: character codes, a 0 behind each string.
std::string codes(const std::string& word) {
  std::string text;
  for (const char c : word) text += fmt::format("{} ", static_cast<int>(static_cast<unsigned char>(c)));
  return text + "0";
}

}  // namespace

std::string vtsFile(const SurfaceGrid& g, const std::string& command) {
  const std::string extent = fmt::format("0 {} 0 {} 0 0", g.columns() - 1, g.rows() - 1);
  std::string text = fmt::format(
      "<?xml version=\"1.0\"?>\n<VTKFile type=\"StructuredGrid\" version=\"0.1\" byte_order=\"LittleEndian\">\n  <StructuredGrid WholeExtent=\"{}\">\n"
      "    <FieldData>\n      <Array type=\"String\" Name=\"command\" NumberOfTuples=\"1\" format=\"ascii\">\n{}\n      </Array>\n    </FieldData>\n"
      "    <Piece Extent=\"{}\">\n      <PointData Scalars=\"train_loss\">\n",
      extent, codes(command), extent);
  text += array("train_loss", g.train.loss) + array("train_accuracy", g.train.accuracy) + array("test_loss", g.test.loss) + array("test_accuracy", g.test.accuracy);
  for (const SurfaceField& f : g.fields) {
    text += array(f.name.c_str(), f.values);
    if (!f.residual.empty()) text += array((f.name + "_residual").c_str(), f.residual);
  }
  text += "        <DataArray type=\"UInt8\" Name=\"computed\" format=\"ascii\">\n";
  for (const auto c : g.computed) text += c ? "1\n" : "0\n";
  text += "        </DataArray>\n      </PointData>\n      <Points>\n        <DataArray type=\"Float64\" NumberOfComponents=\"3\" format=\"ascii\">\n";
  for (const double y : g.y)
    for (const double x : g.x) text += fmt::format("{} {} 0\n", x, y);
  return text + "        </DataArray>\n      </Points>\n    </Piece>\n  </StructuredGrid>\n</VTKFile>\n";
}

}  // namespace analysis
