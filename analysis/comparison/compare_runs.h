// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/comparison/matched_planes.h"
#include "analysis/comparison/tabulate.h"
#include "trainer/base/context.h"

namespace analysis {

/// A comparison, what it is made of, and its surfaces.
struct ComparedRuns {
  Comparison comparison;
  ComparisonEvidence evidence;
  std::vector<std::shared_ptr<const SurfaceResult>> surfaces;  ///< one a Comparison::planes
};

/// Gathers what spec.measures asks for and tabulates it. Results in the runs' analyses are taken where their spec, samples and step fit; what is missing is
/// measured at the same samples, precision and batch-norm policy in every run, and kept there. The surfaces of spec.planes are of the first run of each setting.
/// What one run cannot have (a line to another network, a loss that it does not reach) is a note, not an error. A stop returns what is there (`stopped`).
/// Cost: what is missing of: an evaluation of the test set, a spectrum with trace, two sharpness measures a run; a line a run; one matched measure of all; surfaces.
/// @throws std::invalid_argument  as validate(); runs of different data; a step or split that a run does not have
/// @throws DataError, IoError     no such run, or no checkpoint; DeviceError, NumericalError; Cancelled before anything is known
ComparedRuns compareRuns(const CompareSpec& spec, const trainer::Context& context);

/// Checks everything that can be checked without the runs. @throws std::invalid_argument naming the flag
void validate(const CompareSpec& spec);

/// Folders of runs: a sweep's folder stands for its finished runs, in its order. @throws IoError for a folder that is neither
std::vector<std::string> runsOf(const std::vector<std::string>& folders);

}  // namespace analysis
