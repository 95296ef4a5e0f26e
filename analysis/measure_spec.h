// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace analysis {

/// What every measure has in common: which run, where in it, on which samples, on which machine. CONTRACT.md section 4.
struct MeasureSpec {
  std::string run;                      ///< run folder
  std::string step = "last";            ///< last | best | N
  std::optional<std::int64_t> samples;  ///< a seeded subset; unset: min(4096, all); 0: all
  std::string split = "train";          ///< train | validation | test
  std::string weights = "trained";      ///< trained | ema | swa: the averages beside a checkpoint
  std::vector<double> mean, deviation;  ///< a number a channel: replace the run's normalisation of pixel/scale; empty: the run's
  std::string batchNorm = "eval";       ///< batch-norm policy: eval | train | recomputed | interpolated (BatchNormPolicy)
  std::string loss = "plain";           ///< plain | training (with label smoothing, and L2 where the decay belongs to the loss)
  std::string logits = "raw";           ///< raw | normalised: each sample's logits divided by their deviation over the classes
  std::uint64_t seed = 0;
  std::string device;                   ///< empty: cuda where there is one
  std::int64_t threads = 0;             ///< 0: one a core
  std::string precision = "float";      ///< float | double
  std::int64_t memoryBytes = 0;         ///< budget for kept graphs; 0: half of what is free
  bool operator==(const MeasureSpec&) const = default;
};

}  // namespace analysis
