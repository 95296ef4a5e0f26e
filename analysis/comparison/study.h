// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analysis/comparison/comparison.h"

namespace analysis {

/// Many runs: does a measure go with how well they generalise?
struct StudySpec {
  MeasureSpec measure;                  ///< its run is the first
  std::vector<std::string> runs;        ///< folders, three or more
  std::vector<std::string> measures = {"curvature", "trace", "sharpness"};  ///< as CompareSpec::measures
  std::vector<double> worst = {0.5}, average = {0.05};
  std::string target = "generalisation_gap";  ///< key of a row: generalisation_gap | accuracy_gap | test_accuracy | test_loss ...
  std::int64_t resamples = 2000;        ///< of the bootstrap; 0: no intervals
  bool operator==(const StudySpec&) const = default;
};

/// The rank correlation where one flag alone varies.
struct StudiedAxis {
  std::string flag{};
  double tau = kNoValue;                ///< mean over the groups
  std::int64_t groups = 0;              ///< of runs that have all other flags and the seed in common
};

/// A measure against the target, run by run.
struct StudiedMeasure {
  std::string key{}, name{}, symbol{};
  bool percent = false;
  std::vector<double> values{};         ///< one a run; NaN where there is none
  std::int64_t n = 0;                   ///< runs with both
  double tau = kNoValue;                ///< Kendall's tau-b over all of them
  double low = kNoValue, high = kNoValue;  ///< its 95 % bootstrap interval (percentiles)
  double within = kNoValue;             ///< mean of the taus inside settings, over their seeds
  std::int64_t withinSettings = 0;      ///< that have three seeds or more
  double across = kNoValue;             ///< of the settings' means
  std::int64_t acrossSettings = 0;
  double granulated = kNoValue;         ///< mean over the axes
  std::vector<StudiedAxis> axes{};      ///< flags that differ, where a group has two values of it
};

struct Study {
  std::vector<ComparedRun> runs{};
  std::vector<ComparedSetting> settings{};
  std::string targetKey{}, targetName{};
  std::vector<double> target{};         ///< one a run
  std::vector<StudiedMeasure> measures{};
  std::string resampled{};              ///< "settings, then runs in them" | "runs"
  std::int64_t samples = 0;
  std::string split{}, batchNorm{}, precision{}, device{};
  std::vector<std::string> notes{};
  double seconds = 0;
  bool stopped = false;
};

}  // namespace analysis
