// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/interchange/read_surface.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "analysis/export/export_result.h"
#include "analysis/interchange/hdf5_file.h"
#include "analysis/interchange/npy.h"
#include "analysis/interchange/surface_readers.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"

namespace analysis {
namespace {

std::string endingOf(const std::filesystem::path& file) {
  std::string ending = file.extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return ending;
}

/// The first few, for a message.
std::string namesOf(const NamedArrays& arrays) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < arrays.size() && i < 8; ++i) names.push_back(arrays[i].name);
  return names.empty() ? "no arrays" : fmt::format("{}{}", fmt::join(names, ", "), arrays.size() > names.size() ? " ..." : "");
}

bool has(const NamedArrays& arrays, std::initializer_list<const char*> names) {
  return std::ranges::all_of(names, [&](const char* name) { return findArray(arrays, name) != nullptr; });
}

ImportedSurface fromHdf5(const std::string& bytes, const std::string& name) {
  const Hdf5Content content = hdf5Content(bytes, name);
  NamedArrays ours;
  for (const NamedArray& a : content.arrays)
    if (a.name.starts_with("sharpscape/")) ours.push_back(a), ours.back().name = a.name.substr(a.name.find('/') + 1);
  if (!ours.empty()) return surfaceOfArrays(ours, content.attributes, ".h5 of Sharpscape (layout of Li et al.)", name);
  if (has(content.arrays, {"xcoordinates"})) return liSurface(content.arrays, name);
  if (has(content.arrays, {"X", "Y", "losses"})) return losscapeSurface(content.arrays, name);
  for (const NamedArray& a : content.arrays) {
    if (a.name.starts_with("xdirection/")) refuseSurface(name, "it is a direction file of Li et al.; open the surface that was computed along it");
    if (a.name == "proj_xcoord") refuseSurface(name, "it is a projected trajectory of Li et al.; open the surface that it belongs to");
  }
  refuseSurface(name, fmt::format("it holds {}; expected xcoordinates and train_loss (Li et al.) or X, Y and losses (losscape)", namesOf(content.arrays)));
}

ImportedSurface fromNpz(const std::string& bytes, const std::string& name) {
  std::vector<std::string> skipped;
  const NamedArrays arrays = npzArrays(bytes, name, skipped);
  if (has(arrays, {"grid", "tr_loss"})) return garipovPlane(arrays, name);
  if (has(arrays, {"ts", "tr_loss"})) return garipovCurve(arrays, name);
  if (has(arrays, {"loss", "coordinates"})) return landscaperSurface(arrays, name);
  if (!skipped.empty()) refuseSurface(name, fmt::format("'{}' in it is a pickled Python object, not an array of numbers; save it as one", skipped.front()));
  if (!has(arrays, {"x"}) || !lossArray(arrays))
    refuseSurface(name, fmt::format("it holds {}; expected x, y and train_loss, or what Garipov et al. (grid, tr_loss) or Landscaper (loss, coordinates) save", namesOf(arrays)));
  const NamedArray* const metadata = findArray(arrays, "metadata");
  if (metadata && !metadata->texts.empty()) return surfaceOfArrays(arrays, provenanceOfText(metadata->texts.front()), ".npz of Sharpscape", name);
  ImportedSurface s = surfaceOfArrays(arrays, {}, "arrays x, y and loss (.npz)", name);
  s.unknown = {"It does not say on how many samples, with which batch-norm statistics, along which directions and in which precision it was computed."};
  s.result.origin.format = s.format, s.result.origin.unknown = s.unknown;
  return s;
}

/// The loss alone, or with what this program puts behind it.
ImportedSurface fromNpy(std::string_view bytes, bool straighten, const std::string& name) {
  NamedArrays arrays;
  while (!bytes.empty()) {
    std::size_t end = 0;
    arrays.push_back(npyArray(bytes, name, &end));
    bytes.remove_prefix(end);
  }
  if (arrays.size() < 4 || arrays.back().texts.size() != 1) return bareArray(arrays.front(), straighten, name);
  const Provenance provenance = provenanceOfText(arrays.back().texts.front());
  const std::string split = provenance.get("split");
  std::vector<std::string> names{"", "x", "y", "computed", "interpolated", "metadata"};
  if (arrays.front().shape.size() == 1) names.erase(names.begin() + 2);  // of a slice
  if (arrays.size() < names.size()) names.erase(names.end() - 2);
  for (std::size_t i = 0; i < arrays.size() && i < names.size(); ++i) arrays[i].name = names[i];
  arrays.front().name = (split == "test" ? "measured" : split.empty() ? "train" : split) + "_loss";
  return surfaceOfArrays(arrays, provenance, ".npy of Sharpscape", name);
}

ImportedSurface fromJson(const std::filesystem::path& file) {
  const Result result = readResult(file);
  const auto* surface = std::get_if<SurfaceResult>(&result);
  if (!surface) refuseSurface(file.string(), fmt::format("it is a result of the kind {}", kindOf(result)));
  ImportedSurface s;
  s.result = *surface, s.format = "result of Sharpscape (.json)", s.unknown = surface->origin.unknown;
  return s;
}

/// What a foreign file's own pictures say: the command that reads it again.
void addCommand(ImportedSurface& s, const std::filesystem::path& file, bool straightened) {
  if (!s.result.origin.command.empty() || s.result.origin.format.empty()) return;
  s.result.spec.measure.run = file.string();
  s.result.origin.command = fmt::format("sharpscape export {}{} --to {}", trainer::shellQuoted(file.string()), straightened ? " --straighten-rows" : "",
                                        trainer::shellQuoted(file.stem().string() + ".svg"));
}

}  // namespace

bool hasSurfaceEnding(const std::filesystem::path& file) {
  const std::string ending = endingOf(file);
  return std::ranges::any_of(std::initializer_list<const char*>{".h5", ".hdf5", ".npz", ".npy", ".csv", ".txt"}, [&](const char* known) { return ending == known; });
}

ImportedSurface readSurfaceFile(const std::filesystem::path& file, const ImportOptions& options) {
  const std::string name = file.string();
  const std::string ending = endingOf(file);
  const std::string bytes = trainer::readFile(file);
  if (bytes.empty()) refuseSurface(name, "it is empty");
  const bool npy = bytes.starts_with("\x93NUMPY") || ending == ".npy";
  ImportedSurface s;
  if (options.straightenRows && !npy) throw std::invalid_argument(fmt::format("--straighten-rows is for the .npy of loss-landscapes; '{}' is none", name));
  if (npy) s = fromNpy(bytes, options.straightenRows, name);
  else if (bytes.starts_with("PK") || ending == ".npz") s = fromNpz(bytes, name);
  else if (bytes.starts_with("\x89HDF") || ending == ".h5" || ending == ".hdf5") s = fromHdf5(bytes, name);
  else if (ending == ".json") s = fromJson(file);
  else if (ending == ".csv" || ending == ".txt") s = csvSurface(bytes, name);
  else throw trainer::DataError(fmt::format("'{}' is no surface that is known: expected .h5, .npz, .npy, .csv or a result (.json)", name));
  addCommand(s, file, options.straightenRows);
  return s;
}

}  // namespace analysis
