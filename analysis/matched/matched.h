// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/measure_spec.h"

namespace analysis {

/// Measures of several runs at one train loss. Curvature of a cross entropy vanishes with the loss, so at equal epochs lambda_max mostly compares losses.
struct MatchedSpec {
  MeasureSpec measure;                       ///< its run is the first of `runs`, its step is not used
  std::vector<std::string> runs;
  std::optional<double> targetLoss;          ///< unset: the largest of the runs' smallest losses, which every run reaches
  std::vector<double> rho = {0.5};           ///< of worst
  std::vector<double> deviation = {0.05};    ///< of average
  std::int64_t iterations = 20;
  std::int64_t draws = 20;                   ///< of trace and average, >= 20
  bool operator==(const MatchedSpec&) const = default;
};

/// One checkpoint of a bracket.
struct MatchedCheckpoint {
  std::int64_t step = 0;
  double loss = 0;           ///< on the measure's samples
  double parameterNorm = 0;
  double logitNorm = 0;      ///< mean ||logits||
  double logitRange = 0;     ///< mean (largest - smallest logit)
};

struct MatchedQuantity {
  std::string name;          ///< lambda_max | trace | worst | worst_adaptive | average | average_adaptive
  double rho = 0;            ///< of worst and average; else 0
  double value = 0;          ///< at the target
  double error = 0;          ///< residual, standard error, or what an ascent may lack, interpolated; not that of the interpolation
  double above = 0, below = 0;  ///< at the two checkpoints: |above - below| bounds the interpolation where the measure is monotone in the loss
};

struct MatchedRun {
  std::string run;
  MatchedCheckpoint above, below;  ///< loss above the target, and at or below it; the same where a checkpoint hits it
  double share = 0;                ///< of `below`: 0 is at `above`
  double parameterNorm = 0, logitNorm = 0, logitRange = 0;  ///< at the target
  std::vector<MatchedQuantity> quantities;
};

struct Matched {
  double targetLoss = 0;
  std::int64_t samples = 0;
  std::string batchNorm, precision, device;
  std::vector<MatchedRun> runs;
  double seconds = 0;
  bool stopped = false;      ///< cut short by a stop: whole runs that are there are kept
};

}  // namespace analysis
