// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/comparison/matched_planes.h"
#include "analysis/comparison/tabulate.h"
#include "trainer/base/context.h"

namespace analysis {

/// Takes what the runs' analyses have, and measures what is missing, run by run.
class Gathering {
 public:
  /// Reads specs, records and steps. @throws as compareRuns()
  Gathering(const CompareSpec& spec, const trainer::Context& context);
  /// Everything that spec.measures asks for. False: stopped, with whole measures kept.
  bool measure();
  /// Surfaces of the first run of each setting, into comparison.planes and `surfaces`. False: stopped.
  bool samplePlanes(Comparison& comparison, std::vector<std::shared_ptr<const SurfaceResult>>& surfaces);

  const ComparisonEvidence& evidence() const { return evidence_; }
  const std::vector<std::string>& notes() const { return notes_; }
  std::int64_t reused() const { return reused_; }
  std::int64_t measured() const { return measured_; }

 private:
  void readRun(const std::string& folder, std::size_t index);
  bool wants(const char* measure) const;
  MeasureSpec measureOf(const RunEvidence& run) const;
  std::int64_t samplesOf(const RunEvidence& run) const;   ///< that a measure of it takes
  std::int64_t splitItems(const RunEvidence& run) const;
  trainer::Context inner(const std::string& what) const;  ///< reports its stages as part of this
  void items(RunEvidence& run);
  void spectrum(RunEvidence& run);
  void sharpness(RunEvidence& run);
  std::shared_ptr<const SharpnessResult> sharpnessPart(const RunEvidence& run, const SharpnessSpec& wanted);
  void path(std::size_t index);
  void matched();
  bool reuseMatched(const MatchedSpec& wanted);
  std::size_t partnerOf(std::size_t index) const;         ///< among the baseline's runs: of the same seed where there is one
  std::shared_ptr<const SurfaceResult> surface(const MatchedPlane& plane, std::int64_t step, std::string& file);

  const CompareSpec& spec_;
  const trainer::Context& context_;
  ComparisonEvidence evidence_;
  std::size_t baselineRun_ = 0;
  std::vector<std::string> notes_;
  std::int64_t reused_ = 0, measured_ = 0;
};

}  // namespace analysis
