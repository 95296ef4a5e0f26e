// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/export/result_file.h"

#include <fmt/format.h>

#include "analysis/export/provenance_of.h"
#include "analysis/export/result_json.h"
#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/run_store.h"

namespace analysis {

using nlohmann::json;
using nlohmann::ordered_json;

ordered_json toJson(const Result& result) {
  return std::visit(
      [](const auto& r) {
        ordered_json j = document(r);
        if constexpr (requires { r.origin; }) addOrigin(j, r.origin);
        return j;
      },
      result);
}

namespace {

/// Without its origin.
Result measuredResult(const json& j, const std::string& where) {
  try {
    const int version = j.at("format_version");
    if (version > kResultFormatVersion)
      throw trainer::DataError(fmt::format("it has format version {}, newer than the {} this program knows; use a newer Sharpscape", version, kResultFormatVersion));
    const std::string kind = j.at("kind");
    if (kind == "spectrum") return spectrumOf(j);
    if (kind == "surface" || kind == "slice") return surfaceOf(j);
    if (kind == "sharpness") return sharpnessOf(j);
    if (kind == "invariance") return invarianceOf(j);
    if (kind == "matched") return matchedOf(j);
    if (kind == "kappa") return kappaOf(j);
    if (kind == "path") return pathOf(j);
    if (kind == "check") return checkOf(j);
    if (kind == "comparison") return comparisonOf(j);
    if (kind == "study") return studyOf(j);
    if (kind == "oddities") return odditiesOf(j);
    if (kind == "bench") return benchOf(j);
    throw trainer::DataError(fmt::format("its kind is '{}'; spectrum, slice, surface, sharpness, invariance, matched, kappa, path, check, oddities, comparison, study and bench are known", kind));
  } catch (const nlohmann::json::exception& e) {
    const std::string what = e.what();
    throw trainer::DataError(fmt::format("'{}' is not a result of Sharpscape: {}", where, what.substr(what.find("] ") + 2)));
  } catch (const trainer::DataError& e) {
    throw trainer::DataError(fmt::format("'{}' cannot be read as a result: {}", where, e.what()));
  }
}

}  // namespace

Result toResult(const json& j, const std::string& where) {
  Result result = measuredResult(j, where);
  std::visit(
      [&](auto& r) {
        if constexpr (requires { r.origin; }) r.origin = originOf(j, where);
      },
      result);
  return result;
}

std::filesystem::path saveResult(const Result& result) {
  const ordered_json j = toJson(withOrigin(result));
  const std::filesystem::path path = trainer::analysisPath(j.at("run").get<std::string>(), j.at("kind"), j.at("step"), trainer::contentHash(j.at("spec").dump()).substr(0, 4));
  trainer::writeJson(path, j);
  return path;
}

Result readResult(const std::filesystem::path& file) {
  Result result = toResult(trainer::readJson(file), file.string());
  // A run folder may have moved with its results.
  const std::filesystem::path folder = file.parent_path();
  if (folder.filename() == "analyses") {
    const std::string run = folder.parent_path().empty() ? "." : folder.parent_path().string();
    std::visit([&](auto& r) { r.spec.measure.run = run; }, result);
  }
  return result;
}

}  // namespace analysis
