// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analysis/surface/surface_grid.h"

namespace analysis {

/// How the planes of several runs belong together (NUMERICS.md section 5, line 9).
///   A  own filters: the same draw in each run, normalised by that run's own filters (eigenvectors, gradient, pca: each run's own)
///   B  identical directions: the baseline's vectors, saved once and read by the others
///   C  through the minima: one plane, which holds the baseline and two other runs
/// "A own filters" | "B identical directions" | "C through the minima". @throws std::invalid_argument naming `flag` for another word
std::string planesName(const std::string& mode, const std::string& flag = "--planes");

struct MatchedPlanesSpec {
  std::string mode = "A";               ///< A | B | C
  std::vector<std::string> runs;        ///< folders, two or more
  std::vector<std::string> names;       ///< one a run, for the sentences; empty: the folders
  std::string baseline;                 ///< empty: the first
  SurfaceSpec base;                     ///< axes, size, normalisation, samples; its run, directions and saveDirections are not used
  std::string directionsFile;           ///< B: where the baseline's directions are kept; empty: BASELINE/analyses/directions_<hash of base>.safetensors
};

/// One surface to be sampled.
struct MatchedPlane {
  std::string run;                      ///< whose network is at the centre
  SurfaceSpec spec;
  bool savesDirections = false;         ///< B: of the baseline; has to come before the others, which read them
  std::string sentence;                 ///< what this surface is
};

struct MatchedPlanes {
  std::string mode, label;              ///< planesName()
  std::string sentence;                 ///< of all of them: what can be compared, and what not
  std::vector<MatchedPlane> surfaces;   ///< in the order to be sampled; C: one, for all runs
};

/// The specs of matched surfaces: no files, nothing computed. A and B: one a run, of the same size and range; C: one through the baseline, the next run and the one
/// after, ranges fitted so that the minima are inside (with two runs, y is the base's y axis, or a random one). Further runs lie out of it: they are
/// projected, as trajectories whose distance from the plane is given.
/// @throws std::invalid_argument  fewer than two runs, an unknown mode or baseline, A with an axis toward a run (it has no length in that run itself)
MatchedPlanes matchedPlanes(const MatchedPlanesSpec& spec);

}  // namespace analysis
