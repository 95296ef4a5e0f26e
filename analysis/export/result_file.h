// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <variant>

#include "analysis/bench/bench.h"
#include "analysis/check/check.h"
#include "analysis/check/oddities.h"
#include "analysis/comparison/comparison.h"
#include "analysis/comparison/study.h"
#include "analysis/export/origin.h"
#include "analysis/invariance/invariance.h"
#include "analysis/matched/matched.h"
#include "analysis/paths/path.h"
#include "analysis/sharpness/kappa.h"
#include "analysis/sharpness/sharpness.h"
#include "analysis/spectrum/spectrum.h"
#include "analysis/surface/surface_grid.h"

/// Results as json (CONTRACT.md section 4): what --json prints and what RUN/analyses holds, with the spec that made them.
namespace analysis {

struct SpectrumResult {
  SpectrumSpec spec;
  Spectrum spectrum;
  Origin origin{};
};
struct SurfaceResult {
  SurfaceSpec spec;
  SurfaceGrid grid;
  Origin origin{};
};
struct SharpnessResult {
  SharpnessSpec spec;
  Sharpness sharpness;
  Origin origin{};
};
struct InvarianceResult {
  InvarianceSpec spec;
  Invariance invariance;
  Origin origin{};
};
struct MatchedResult {
  MatchedSpec spec;
  Matched matched;
  Origin origin{};
};
struct KappaResult {
  KappaSpec spec;
  Kappa kappa;
  Origin origin{};
};
struct PathResult {
  PathSpec spec;
  Path path;
  Origin origin{};
};
struct CheckResult {
  CheckSpec spec;
  CheckReport report;
  Origin origin{};
};
struct ComparisonResult {
  CompareSpec spec;
  Comparison comparison;
};
struct StudyResult {
  StudySpec spec;
  Study study;
};
struct OdditiesResult {
  OdditySpec spec;
  Oddities oddities;
  Origin origin{};
};
struct BenchResult {
  BenchSpec spec;
  Bench bench;
  Origin origin{};
};
using Result = std::variant<SpectrumResult, SurfaceResult, SharpnessResult, InvarianceResult, MatchedResult, KappaResult, PathResult, CheckResult, ComparisonResult,
                            StudyResult, OdditiesResult, BenchResult>;

nlohmann::ordered_json toJson(const Result& result);
/// @throws DataError naming `where` and what is missing.
Result toResult(const nlohmann::json& json, const std::string& where);

/// Writes RUN/analyses/<verb>_step<N>_<hash of the spec>.json atomically, with its origin (withOrigin), and returns its path.
std::filesystem::path saveResult(const Result& result);
Result readResult(const std::filesystem::path& file);

/// The command that makes it again: "sharpscape surface RUN --x random ...".
std::string commandLine(const Result& result);

}  // namespace analysis
