// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/provenance_of.h"

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "analysis/export/result_figure.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/device.h"
#include "trainer/run/run_store.h"

namespace analysis {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

/// data_hash of a safetensors header; of a file of another program, which has none, that of its bytes.
std::string hashOfCheckpoint(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::array<unsigned char, 8> length{};
  if (!in.read(reinterpret_cast<char*>(length.data()), length.size())) return {};
  std::uint64_t size = 0;
  for (std::size_t i = length.size(); i-- > 0;) size = (size << 8) | length[i];
  constexpr std::uint64_t kLongestHeader = 100'000'000;  // the format's own limit
  if (size > kLongestHeader) return {};
  std::string header(size, '\0');
  if (!in.read(header.data(), static_cast<std::streamsize>(size))) return {};
  const json j = json::parse(header, nullptr, false);
  if (!j.is_object()) return {};
  const auto metadata = j.find("__metadata__");
  if (metadata != j.end() && metadata->is_object() && metadata->contains("data_hash")) return metadata->at("data_hash").get<std::string>();
  return trainer::contentHash(trainer::readFile(file));
}

/// What a run says of its checkpoint at `step`; empty where it is not there any more.
void addHashes(Origin& origin, const std::string& run, std::int64_t step) {
  try {
    const std::string hash = hashOfCheckpoint(trainer::findCheckpoint(run, std::to_string(step)).file);
    origin.checkpointHash += (origin.checkpointHash.empty() || hash.empty() ? "" : " ") + hash;
    if (origin.dataHash.empty()) origin.dataHash = trainer::readRunRecord(run).dataHash;
    const trainer::RunSpec spec = trainer::readRunSpec(run);
    if (origin.dataHash.empty()) origin.dataHash = spec.dataHash;
    if (origin.trainCommand.empty()) origin.trainCommand = trainer::commandLine(spec);
  } catch (const trainer::Error&) {
  } catch (const std::invalid_argument&) {
  }
}

/// A number or word as a line's value; empty for lists and objects.
std::string valueText(const ordered_json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_number() || value.is_boolean() ? value.dump() : std::string();
}

void addSurface(Provenance& p, const SurfaceResult& r, const ordered_json& j) {
  const char* const axes[] = {"x", "y"};
  for (std::size_t i = 0; i < r.grid.directions.size() && i < 2; ++i) p.set(std::string("direction_") + axes[i], r.grid.directions[i]);
  if (const std::string share = evaluatedText(r.grid); !share.empty()) p.set("evaluated", share);
  for (std::size_t i = 0; i < r.grid.directionNorms.size() && i < 2; ++i) p.set(std::string("norm_") + axes[i], valueText(j["direction_norms"][i]));
}

}  // namespace

Result withOrigin(Result result) {
  std::visit(
      [&](auto& r) {
        if constexpr (requires { r.origin; }) {
          if (!r.origin.programVersion.empty() || !r.origin.format.empty()) return;
          const ordered_json j = toJson(result);
          if (j.contains("run") && j["run"].is_string() && j.contains("step")) addHashes(r.origin, j["run"], j["step"]);
          if (j.contains("run2") && j["run2"].is_string() && j.contains("step2")) addHashes(r.origin, j["run2"], j["step2"]);
          r.origin.programVersion = SHARPSCAPE_VERSION;
          r.origin.torchVersion = trainer::torchVersion();
        }
      },
      result);
  return result;
}

Provenance provenanceOf(const Result& given) {
  static const std::set<std::string> left = {"format_version", "seconds", "command", "origin"};
  const Result result = withOrigin(given);
  const auto* surface = std::get_if<SurfaceResult>(&result);
  const ordered_json j = toJson(result);
  Provenance p;
  p.set("command", commandLine(result));
  if (surface) p.set("description", surfaceCaption(surface->grid));
  // What a foreign file does not say is 0 or a default in its grid, and is not said here either.
  static const std::set<std::string> measured = {"step", "samples", "test_samples", "parameters", "loss", "weights", "seed", "direction_seed", "stopped"};
  const bool foreign = surface && !surface->origin.format.empty();
  for (const auto& [key, value] : j.items())
    if (!left.contains(key) && value != "nan" && !(foreign && measured.contains(key))) p.set(key, valueText(value));
  if (surface) addSurface(p, *surface, j);
  if (j.contains("spec"))
    for (const char* key : {"split", "loss", "weights", "seed", "direction_seed"})
      if (j["spec"].contains(key) && !(foreign && measured.contains(key))) p.set(key, valueText(j["spec"][key]));
  std::visit(
      [&](const auto& r) {
        if constexpr (requires { r.origin; }) {
          const Origin& o = r.origin;
          p.set("checkpoint_hash", o.checkpointHash), p.set("data_hash", o.dataHash), p.set("train_command", o.trainCommand);
          p.set("program_version", o.programVersion), p.set("torch_version", o.torchVersion);
          p.set("format", o.format);
          std::string unknown;
          for (const std::string& sentence : o.unknown) unknown += (unknown.empty() ? "" : " ") + sentence;
          p.set("unknown", unknown);
        }
      },
      result);
  return p;
}

}  // namespace analysis
