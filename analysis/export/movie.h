// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "analysis/export/result_file.h"
#include "analysis/figure/figure.h"
#include "trainer/base/context.h"

namespace analysis {

/// Training as a film of a surface that has checkpoints (--trajectory): their path grows over the map, beside it the loss at the checkpoints and, where the run's
/// curvature was tracked, lambda_max. Axes and colours stay the same in all frames. Between two checkpoints the point moves on a straight line, kFramesBetween frames
/// long: where the run was in between is not known.
constexpr std::int64_t kFramesBetween = 8, kFramesPerSecond = 12;

/// What a film needs besides the surface: the curvature of the runs on it, from their folders; nothing of a run that is not there.
struct Film {
  SurfaceResult surface;
  std::vector<std::int64_t> steps;           ///< of all checkpoints, ascending, once each
  std::vector<std::string> runs;             ///< on the surface
  std::vector<Series> curvature;             ///< lambda_max over steps, one a run that has it
  std::int64_t frames() const { return steps.empty() ? 0 : 1 + (static_cast<std::int64_t>(steps.size()) - 1) * kFramesBetween; }
};
/// @throws std::invalid_argument where the surface has fewer than two checkpoints, or is none: what to do
Film filmOf(const Result& result);

/// Frame 0 is the first checkpoint, the last frame the last. `file`: what the command names. @throws std::invalid_argument outside
Figure filmFrame(const Film& film, std::int64_t frame, const std::filesystem::path& file);

/// frame_00000.png ... in `folder`, which is made; each has its provenance. Stops between frames. @throws Cancelled, IoError
void writeFrames(const Film& film, const std::filesystem::path& folder, const trainer::Context& context);

/// .mp4 or .gif, by the program ffmpeg, with the provenance inside; all or nothing.
/// @throws IoError where there is no ffmpeg or it fails, saying what to do; Cancelled
void writeMovie(const Film& film, const std::filesystem::path& file, const trainer::Context& context);

/// "movie.mp4", "MOVIE.GIF", or a name that ends in a slash: a folder for frames.
bool isMovie(const std::filesystem::path& file);

}  // namespace analysis
