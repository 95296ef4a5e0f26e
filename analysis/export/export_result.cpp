// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/export_result.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "analysis/export/array_files.h"
#include "analysis/export/comparison_table.h"
#include "analysis/export/figure_files.h"
#include "analysis/export/glb_file.h"
#include "analysis/export/li_file.h"
#include "analysis/export/provenance_of.h"
#include "analysis/export/result_table.h"
#include "analysis/export/study_view.h"
#include "analysis/export/surface_columns.h"
#include "analysis/export/text_files.h"
#include "analysis/export/vtk_file.h"
#include "analysis/interchange/hdf5_file.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"

namespace analysis {
namespace {

std::vector<ResultTable> tables(const Result& result) {
  return std::visit([](const auto& r) { return tablesOf(r); }, result);
}

const SurfaceGrid& gridOf(const Result& result) { return std::get<SurfaceResult>(result).grid; }

/// By writeFigure(): listed with the others, written by it.
std::string byFigure(const Result&, const Provenance&) { return {}; }

/// A comparison and a study have tables of their own, for people too.
std::string csv(const Result& r, const Provenance& p) {
  if (const auto* comparison = std::get_if<ComparisonResult>(&r)) return comparisonCsv(comparison->comparison, commandLine(r));
  if (const auto* study = std::get_if<StudyResult>(&r)) return studyCsv(*study);
  return csvFile(tables(r), p);
}

std::string tex(const Result& r, const Provenance& p) {
  if (const auto* comparison = std::get_if<ComparisonResult>(&r)) return p.text("% ") + comparisonLatex(comparison->comparison);
  return texFile(tables(r), p);
}

/// A kind of file: which results it fits, and its bytes.
struct Format {
  std::string_view ending;
  std::vector<std::string_view> kinds;  ///< empty: all
  std::string (*bytes)(const Result&, const Provenance&);
};

/// In the order in which they are listed.
const std::vector<Format>& formats() {
  static const std::vector<std::string_view> surface = {"surface"}, grids = {"surface", "slice"},
                                             lists = {"slice", "spectrum", "sharpness", "invariance", "matched", "kappa", "path", "check", "oddities", "comparison", "study", "bench"}, drawn = {"!check", "!oddities", "!bench"};
  static const std::vector<Format> all = {
      {".csv", {}, csv},
      {".json", {}, [](const Result& r, const Provenance&) { return toJson(r).dump(2) + "\n"; }},
      {".npy", grids, [](const Result& r, const Provenance& p) { return npyFile(gridOf(r), p); }},
      {".npz", {}, [](const Result& r, const Provenance& p) { return std::holds_alternative<SurfaceResult>(r) ? npzFile(gridOf(r), p) : npzFile(tables(r), p); }},
      {".vts", grids, [](const Result& r, const Provenance& p) { return vtsFile(gridOf(r), p); }},
      {".vtp", surface, [](const Result& r, const Provenance& p) { return vtpFile(gridOf(r), p); }},
      {".glb", surface, [](const Result& r, const Provenance& p) { return glbFile(gridOf(r), p); }},
      {".h5", grids, [](const Result& r, const Provenance& p) { return liFile(std::get<SurfaceResult>(r), p); }},
      {".tex", lists, tex},
      {".png", drawn, byFigure},
      {".svg", drawn, byFigure},
      {".pdf", drawn, byFigure},
      {".py", drawn, byFigure},
      {".tikz", drawn, byFigure}};
  return all;
}

/// "!check", "!oddities", ...: all but those.
bool fits(const Format& f, std::string_view kind) {
  if (kind.empty() || f.kinds.empty()) return true;
  if (f.kinds.front().starts_with('!')) return std::ranges::none_of(f.kinds, [&](std::string_view not_) { return not_.substr(1) == kind; });
  return std::ranges::find(f.kinds, kind) != f.kinds.end();
}

std::string endingOf(const std::filesystem::path& file) {
  std::string ending = file.extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return ending;
}

}  // namespace

std::string kindOf(const Result& result) {
  if (const auto* surface = std::get_if<SurfaceResult>(&result)) return surface->grid.slice ? "slice" : "surface";
  return toJson(result).at("kind");
}

std::vector<std::string> endingsOf(std::string_view kind) {
  std::vector<std::string> endings;
  for (const Format& f : formats())
    if (fits(f, kind) && (f.ending != ".h5" || hasHdf5())) endings.emplace_back(f.ending);
  return endings;
}

void requireKnownEnding(const std::filesystem::path& file, std::string_view kind) {
  const std::vector<std::string> known = endingsOf(kind);
  if (endingOf(file) == ".h5" && !hasHdf5()) throw std::invalid_argument(fmt::format("'{}' cannot be written: {}", file.string(), withoutHdf5()));
  if (std::ranges::find(known, endingOf(file)) == known.end())
    throw std::invalid_argument(fmt::format("'{}' does not have an ending that {} can be written with: {}", file.string(), kind.empty() ? "results" : fmt::format("a {}", kind),
                                            fmt::join(known, " ")));
  const std::filesystem::path folder = file.parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder)) throw trainer::IoError(fmt::format("cannot write '{}': there is no folder '{}'", file.string(), folder.string()));
}

void exportResult(const Result& result, const std::filesystem::path& file) {
  requireKnownEnding(file, kindOf(result));
  const Result whole = withOrigin(result);
  if (isFigureEnding(endingOf(file))) {
    Figure figure = figureOf(whole);
    figure.provenance = provenanceOf(whole);
    const auto* surface = std::get_if<SurfaceResult>(&whole);
    return writeFigure(figure, file, surface ? surfaceArrays(surface->grid) : NamedArrays{});
  }
  const auto format = std::ranges::find(formats(), endingOf(file), &Format::ending);
  trainer::writeFileAtomically(file, format->bytes(whole, provenanceOf(whole)));
}

}  // namespace analysis
