// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/vtk_file.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "analysis/export/surface_columns.h"

namespace analysis {
namespace {

std::string base64(std::string_view bytes) {
  static constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = (group << 8) | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += i + k <= bytes.size() ? kDigits[(group >> (18 - 6 * k)) & 63] : '=';
  }
  return out;
}

/// The number of bytes, then the numbers.
template <class T>
std::string dataArray(const std::string& type, const std::string& attributes, const std::vector<T>& values) {
  const auto size = static_cast<std::uint32_t>(values.size() * sizeof(T));
  std::string bytes(sizeof(size) + size, '\0');
  std::memcpy(bytes.data(), &size, sizeof(size));
  if (size > 0) std::memcpy(bytes.data() + sizeof(size), values.data(), size);
  return fmt::format("        <DataArray type=\"{}\" {} format=\"binary\">{}</DataArray>\n", type, attributes, base64(bytes));
}

std::string named(const std::string& name) { return fmt::format("Name=\"{}\"", name); }

/// VTK's ASCII strings: character codes, a 0 behind each string.
std::string fieldData(const Provenance& provenance) {
  std::string text = "    <FieldData>\n";
  for (const auto& [name, value] : provenance.lines) {
    text += fmt::format("      <Array type=\"String\" {} NumberOfTuples=\"1\" format=\"ascii\">\n", named(name));
    for (const char c : value) text += fmt::format("{} ", static_cast<int>(static_cast<unsigned char>(c)));
    text += "0\n      </Array>\n";
  }
  return text + "    </FieldData>\n";
}

std::string file(const std::string& type, const std::string& attributes, const std::string& content) {
  return fmt::format("<?xml version=\"1.0\"?>\n<VTKFile type=\"{}\" version=\"0.1\" byte_order=\"LittleEndian\">\n  <{}{}>\n{}  </{}>\n</VTKFile>\n", type, type, attributes,
                     content, type);
}

std::string points(const std::vector<double>& coordinates) {
  return "      <Points>\n" + dataArray("Float64", "NumberOfComponents=\"3\"", coordinates) + "      </Points>\n";
}

/// Where the surface's points stand, and its quads as corners.
struct Mesh {
  std::vector<double> points;
  std::vector<std::int64_t> quads;
};

Mesh meshOf(const SurfaceGrid& g) {
  const auto drawn = [&](std::int64_t i) { return g.hasValue(static_cast<std::size_t>(i)) && std::isfinite(g.train.loss[static_cast<std::size_t>(i)]); };
  double top = 0;
  bool any = false;
  for (std::int64_t i = 0; i < g.rows() * g.columns(); ++i)
    if (drawn(i)) top = any ? std::max(top, g.train.loss[static_cast<std::size_t>(i)]) : g.train.loss[static_cast<std::size_t>(i)], any = true;
  Mesh mesh;
  for (std::int64_t r = 0; r < g.rows(); ++r)
    for (std::int64_t c = 0; c < g.columns(); ++c) {
      const std::int64_t a = r * g.columns() + c, below = a + g.columns();
      mesh.points.insert(mesh.points.end(), {g.x[static_cast<std::size_t>(c)], g.y[static_cast<std::size_t>(r)], drawn(a) ? g.train.loss[static_cast<std::size_t>(a)] : top});
      const bool cell = r + 1 < g.rows() && c + 1 < g.columns();
      if (cell && drawn(a) && drawn(a + 1) && drawn(below) && drawn(below + 1)) mesh.quads.insert(mesh.quads.end(), {a, a + 1, below + 1, below});
    }
  return mesh;
}

std::string cells(const char* name, const std::vector<std::int64_t>& corners, const std::vector<std::int64_t>& ends) {
  return fmt::format("      <{}>\n{}{}      </{}>\n", name, dataArray("Int64", named("connectivity"), corners), dataArray("Int64", named("offsets"), ends), name);
}

/// The trajectory's points behind the surface's, and a line a run.
struct Lines {
  std::vector<std::int64_t> corners, ends;
};

Lines linesOf(const SurfaceGrid& g) {
  Lines lines;
  const std::int64_t first = g.rows() * g.columns();
  for (std::size_t i = 0; i < g.trajectory.size(); ++i) {
    if (i > 0 && g.trajectory[i].run != g.trajectory[i - 1].run) lines.ends.push_back(static_cast<std::int64_t>(i));
    lines.corners.push_back(first + static_cast<std::int64_t>(i));
  }
  if (!g.trajectory.empty()) lines.ends.push_back(static_cast<std::int64_t>(g.trajectory.size()));
  return lines;
}

/// Every column over the grid's points and the trajectory's.
std::string pointData(const SurfaceGrid& g, const std::vector<double>& z) {
  const NamedArrays arrays = surfaceArrays(g);
  const std::size_t grid = g.computed.size();
  std::string text;
  for (const NamedArray& a : arrays) {
    if (a.shape.size() != (g.slice ? 1U : 2U) || a.values.size() != grid || a.name.starts_with("trajectory_") || a.name == "x") continue;
    if (a.bytes) {
      std::vector<std::uint8_t> bytes(a.values.begin(), a.values.end());
      bytes.resize(z.size(), 1);
      text += dataArray("UInt8", named(a.name), bytes);
      continue;
    }
    std::vector<double> values = a.values;
    values.resize(z.size(), kUnknown);
    const bool first = a.name == surfaceColumns(g).front().name;
    for (std::size_t i = grid; i < z.size(); ++i)
      if (first || a.name == "test_loss") values[i] = first ? g.trajectory[i - grid].loss : g.trajectory[i - grid].testLoss;
    text += dataArray("Float64", named(a.name), values);
  }
  return text;
}

}  // namespace

std::string vtsFile(const SurfaceGrid& g, const Provenance& provenance) {
  const std::string extent = fmt::format("0 {} 0 {} 0 0", g.columns() - 1, g.rows() - 1);
  std::vector<double> coordinates;
  for (const double y : g.y)
    for (const double x : g.x) coordinates.insert(coordinates.end(), {x, y, 0});
  const std::string content = fmt::format("{}    <Piece Extent=\"{}\">\n      <PointData Scalars=\"{}\">\n{}      </PointData>\n{}    </Piece>\n", fieldData(provenance), extent,
                                          surfaceColumns(g).front().name, pointData(g, std::vector<double>(g.computed.size())), points(coordinates));
  return file("StructuredGrid", fmt::format(" WholeExtent=\"{}\"", extent), content);
}

std::string vtpFile(const SurfaceGrid& g, const Provenance& provenance) {
  Mesh mesh = meshOf(g);
  const Lines lines = linesOf(g);
  for (const TrajectoryPoint& p : g.trajectory) mesh.points.insert(mesh.points.end(), {p.x, p.y, std::isfinite(p.planeLoss) ? p.planeLoss : std::isfinite(p.loss) ? p.loss : 0});
  std::vector<double> z, steps(g.computed.size(), -1);
  for (std::size_t i = 2; i < mesh.points.size(); i += 3) z.push_back(mesh.points[i]);
  for (const TrajectoryPoint& p : g.trajectory) steps.push_back(static_cast<double>(p.step));
  std::vector<std::int64_t> quadEnds;
  for (std::size_t i = 4; i <= mesh.quads.size(); i += 4) quadEnds.push_back(static_cast<std::int64_t>(i));
  const std::string data = pointData(g, z) + dataArray("Float64", named("zvalue"), z) + dataArray("Float64", named("trajectory_step"), steps);
  const std::string content = fmt::format(
      "{}    <Piece NumberOfPoints=\"{}\" NumberOfVerts=\"0\" NumberOfLines=\"{}\" NumberOfStrips=\"0\" NumberOfPolys=\"{}\">\n"
      "      <PointData Scalars=\"{}\">\n{}      </PointData>\n{}{}{}    </Piece>\n",
      fieldData(provenance), z.size(), lines.ends.size(), quadEnds.size(), surfaceColumns(g).front().name, data, points(mesh.points), cells("Lines", lines.corners, lines.ends),
      cells("Polys", mesh.quads, quadEnds));
  return file("PolyData", "", content);
}

}  // namespace analysis
