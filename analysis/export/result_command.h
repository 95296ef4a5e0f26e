// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>

#include <string>

#include "analysis/export/result_file.h"

/// The command line of each result, beside its json (spectrum_file.cpp ...).
namespace analysis {

/// "sharpscape VERB RUN" and the flags of the measure that are not the usual ones. `measured`: the step as it was, so that a run that has gone on since gives the
/// same numbers.
std::string commandStart(const std::string& verb, const MeasureSpec& m, bool measured, std::int64_t step);

template <class T>
void addFlag(std::string& line, const char* flag, const T& value, const T& usual) {
  if (value != usual) line += fmt::format(" {} {}", flag, value);
}

std::string commandOf(const SpectrumResult& r);
std::string commandOf(const SurfaceResult& r);
std::string commandOf(const SharpnessResult& r);
std::string commandOf(const InvarianceResult& r);
std::string commandOf(const MatchedResult& r);
std::string commandOf(const KappaResult& r);
std::string commandOf(const PathResult& r);
std::string commandOf(const CheckResult& r);
std::string commandOf(const ComparisonResult& r);
std::string commandOf(const StudyResult& r);
std::string commandOf(const OdditiesResult& r);
std::string commandOf(const BenchResult& r);

}  // namespace analysis
