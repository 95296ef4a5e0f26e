// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/glb_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "analysis/export/result_figure.h"
#include "analysis/figure/relief_mesh.h"

namespace analysis {
namespace {

using nlohmann::ordered_json;

enum Component { kUnsignedShort = 5123, kUnsignedInt = 5125, kFloat = 5126 };  // glTF 2.0, 5.1.3
enum Target { kVertices = 34962, kIndices = 34963 };

double fractionOf(const SurfaceScale& s, double loss) {
  if (s.kind == Scale::log) return loss > 0 ? std::log(loss / s.from) / std::log(s.to / s.from) : kUnknown;
  return (loss - s.from) / (s.to - s.from);
}

ReliefMesh meshOf(const SurfaceGrid& g, const SurfaceScale& scale) {
  std::vector<double> fractions(g.computed.size(), kUnknown);
  std::vector<std::uint8_t> diverged(g.computed.size(), 0);
  for (std::size_t i = 0; i < g.computed.size(); ++i) {
    if (!g.hasValue(i)) continue;
    if (std::isfinite(g.train.loss[i])) fractions[i] = fractionOf(scale, g.train.loss[i]);
    else diverged[i] = 1;
  }
  return reliefMesh(g.x, g.y, fractions, diverged);
}

/// sRGB 0..1 to linear light, as a 16-bit share (IEC 61966-2-1).
std::uint16_t linearShare(float v) {
  const double linear = v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  return static_cast<std::uint16_t>(std::lround(std::clamp(linear, 0.0, 1.0) * 65535));
}

std::vector<std::uint16_t> linearColours(const std::vector<float>& srgb) {
  std::vector<std::uint16_t> out;
  for (std::size_t i = 0; i < srgb.size(); i += 3) out.insert(out.end(), {linearShare(srgb[i]), linearShare(srgb[i + 1]), linearShare(srgb[i + 2]), 65535});
  return out;
}

/// Buffer, views and accessors as they grow.
struct Buffer {
  std::string bytes;
  ordered_json views = ordered_json::array(), accessors = ordered_json::array();

  template <class T>
  std::size_t add(const std::vector<T>& values, Component component, std::size_t perItem, Target target) {
    static const char* const types[] = {"", "SCALAR", "VEC2", "VEC3", "VEC4"};
    const std::size_t size = values.size() * sizeof(T);
    views.push_back({{"buffer", 0}, {"byteOffset", bytes.size()}, {"byteLength", size}, {"target", static_cast<int>(target)}});
    accessors.push_back({{"bufferView", views.size() - 1}, {"componentType", static_cast<int>(component)}, {"count", values.size() / perItem}, {"type", types[perItem]}});
    if (component == kUnsignedShort) accessors.back()["normalized"] = true;
    bytes.append(reinterpret_cast<const char*>(values.data()), size);
    bytes.resize((bytes.size() + 3) / 4 * 4, '\0');
    return accessors.size() - 1;
  }
};

void addBounds(ordered_json& accessor, const std::vector<float>& points) {
  std::vector<float> low(3, points[0]), high;
  low = {points[0], points[1], points[2]}, high = low;
  for (std::size_t i = 0; i < points.size(); ++i) low[i % 3] = std::min(low[i % 3], points[i]), high[i % 3] = std::max(high[i % 3], points[i]);
  accessor["min"] = low, accessor["max"] = high;
}

std::string chunk(const char* type, std::string content, char padding) {
  content.resize((content.size() + 3) / 4 * 4, padding);
  const auto size = static_cast<std::uint32_t>(content.size());
  std::string head(4, '\0');
  std::memcpy(head.data(), &size, 4);
  return head + std::string(type, 4) + content;
}

ordered_json extras(const Provenance& provenance, const SurfaceScale& scale) {
  ordered_json j = ordered_json::object();
  for (const auto& [name, value] : provenance.lines) j[name] = value;
  j["height"] = fmt::format("{} scale, 0 at a loss of {}, {} at {}", scale.kind == Scale::log ? "log" : "linear", scale.from, kReliefHeight, scale.to);
  return j;
}

}  // namespace

std::string glbFile(const SurfaceGrid& g, const Provenance& provenance) {
  const SurfaceScale scale = surfaceScale({&g});
  const ReliefMesh mesh = meshOf(g, scale);
  if (mesh.triangles.empty())
    throw std::invalid_argument("no cell of this surface has four computed corners, so there is nothing a .glb could show; .csv or .npz hold its numbers");
  Buffer b;
  const std::size_t position = b.add(mesh.points, kFloat, 3, kVertices), normal = b.add(mesh.normals, kFloat, 3, kVertices),
                    colour = b.add(linearColours(mesh.colours), kUnsignedShort, 4, kVertices), indices = b.add(mesh.triangles, kUnsignedInt, 1, kIndices);
  addBounds(b.accessors[position], mesh.points);
  const double half = std::sqrt(0.5);  // a quarter turn about x: z up becomes y up
  const ordered_json primitive = {{"attributes", {{"POSITION", position}, {"NORMAL", normal}, {"COLOR_0", colour}}}, {"indices", indices}, {"material", 0}, {"mode", 4}};
  const ordered_json material = {{"name", "baked"}, {"doubleSided", true}, {"pbrMetallicRoughness", {{"metallicFactor", 0}, {"roughnessFactor", 1}}},
                                 {"extensions", {{"KHR_materials_unlit", ordered_json::object()}}}};
  const auto one = [](ordered_json item) { return ordered_json::array({std::move(item)}); };
  ordered_json j;
  j["asset"] = {{"version", "2.0"}, {"generator", "Sharpscape"}, {"extras", extras(provenance, scale)}};
  j["extensionsUsed"] = one("KHR_materials_unlit");
  j["scene"] = 0;
  j["scenes"] = one({{"nodes", one(0)}});
  j["nodes"] = one({{"name", "loss"}, {"mesh", 0}, {"rotation", {-half, 0, 0, half}}});
  j["meshes"] = one({{"name", "loss"}, {"primitives", one(primitive)}});
  j["materials"] = one(material);
  j["accessors"] = b.accessors, j["bufferViews"] = b.views;
  j["buffers"] = one({{"byteLength", b.bytes.size()}});
  const std::string chunks = chunk("JSON", j.dump(), ' ') + chunk("BIN\0", b.bytes, '\0');
  const std::uint32_t head[] = {0x46546C67, 2, static_cast<std::uint32_t>(12 + chunks.size())};
  return std::string(reinterpret_cast<const char*>(head), sizeof(head)) + chunks;
}

}  // namespace analysis
