// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analysis/comparison/tabulate.h"

namespace analysis {

/// A paragraph for a paper, in plain sentences, and the keys of citations.h it cites as [key]: only what was used.
struct Methods {
  std::string text;
  std::vector<std::string> citations;
};

/// How runs were trained: data, network, optimizer, method and schedule; what differs between them is said for each.
Methods trainingMethods(const std::vector<trainer::RunSpec>& runs);
/// How a result was found: solver, samples, precision, batch-norm policy, directions.
Methods resultMethods(const Result& result);
/// Both, of a result and the run it is of.
Methods methodsOf(const Result& result, const trainer::RunSpec& run);
/// Training, every kind of measure once, planes, and how settings were told apart.
Methods methodsOf(const ComparisonEvidence& evidence, const std::vector<Result>& planes, const Comparison& comparison);

/// Fills comparison.methods and comparison.bibtex.
void describeMethods(const ComparisonEvidence& evidence, const std::vector<std::shared_ptr<const SurfaceResult>>& surfaces, Comparison& comparison);

}  // namespace analysis
