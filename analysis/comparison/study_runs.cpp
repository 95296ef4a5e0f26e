// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <chrono>
#include <stdexcept>

#include "analysis/comparison/compare_runs.h"
#include "analysis/comparison/correlate.h"

namespace analysis {

Study studyRuns(const StudySpec& spec, const trainer::Context& context) {
  const auto started = std::chrono::steady_clock::now();
  if (spec.runs.size() < 3) throw std::invalid_argument(fmt::format("a study needs 3 runs or more, got {}", spec.runs.size()));
  if (spec.resamples < 0) throw std::invalid_argument(fmt::format("--resamples must be 0 or more, got {}", spec.resamples));
  CompareSpec compare;
  compare.measure = spec.measure, compare.runs = spec.runs, compare.measures = spec.measures, compare.worst = spec.worst, compare.average = spec.average;
  const ComparedRuns made = compareRuns(compare, context);
  // Stopped while measuring: what is there is correlated all the same.
  Study study = correlate(made.comparison, spec, made.comparison.stopped ? trainer::Context{} : context);
  study.stopped = made.comparison.stopped;
  study.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return study;
}

}  // namespace analysis
