// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/export/result_file.h"

namespace analysis {

struct KeptResult {
  std::string file;
  Result result;
};
/// The results of one kind in RUN/analyses, at a step (unset: at any), newest first, by their file names: VERB_stepN_*.json. Files that cannot be read are named in
/// `notes`.
std::vector<KeptResult> keptResults(const std::string& run, const std::string& verb, std::optional<std::int64_t> step, std::vector<std::string>& notes);

/// Whether two measures look at the same: all fields but run, step, device, threads and memory, with `samples` of them taken (the same whatever words asked for it).
/// The seed counts only where it decides: on a subset, or in a random measure.
bool sameMeasure(const MeasureSpec& a, const MeasureSpec& b, bool seedDecides);

/// lambda_max and lambda_min of the whole Hessian, at the usual tolerance or a stricter one.
bool fitsPairs(const SpectrumResult& r, const MeasureSpec& wanted, std::int64_t samples, std::int64_t all);
bool fitsTrace(const SpectrumResult& r, const MeasureSpec& wanted, std::int64_t samples, std::int64_t all);
/// Holds every measure of `wanted`, made in the same way.
bool fitsSharpness(const SharpnessResult& r, const SharpnessSpec& wanted, std::int64_t samples, std::int64_t all);
/// The straight line between the same two checkpoints.
bool fitsPath(const PathResult& r, const PathSpec& wanted, std::int64_t step2, std::int64_t samples, std::int64_t all);
bool fitsSurface(const SurfaceResult& r, const SurfaceSpec& wanted);

/// The same folder, however it is written.
bool sameFolder(const std::string& a, const std::string& b);

}  // namespace analysis
