// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/measure_spec.h"

/// This machine's ratios: what is asked and what was measured.
namespace analysis {

struct BenchSpec {
  MeasureSpec measure;           ///< device, threads, precision, seed and memory; there is no run
  std::vector<std::string> nets = {"cnn", "lenet", "resnet20"};  ///< names of models, but gpt
  double budgetSeconds = 120;    ///< divided over the networks; the least of what is always measured may take longer
  bool operator==(const BenchSpec&) const = default;
};

/// One number and how good it is.
struct BenchQuantity {
  std::string name;              ///< of bench_targets.h
  double value = 0;              ///< the median over the repetitions; a count is what it is
  double low = 0, high = 0;      ///< between them lies the true median with probability `coverage`, whatever the distribution; a count: the value
  double coverage = 0;           ///< at least 0.95 from six repetitions on; 0 for a count
  std::int64_t repetitions = 1;
  bool operator==(const BenchQuantity&) const = default;
};

/// One network, trained for some steps on made-up images.
struct BenchNet {
  std::string name;
  std::int64_t channels = 0, height = 0, width = 0, parameters = 0;
  std::int64_t samples = 0, gridSamples = 0, walkSamples = 0;  ///< of products and gradients; of a grid point; of a point of a walk
  std::int64_t batch = 0, trainingSteps = 0;
  std::vector<BenchQuantity> quantities;
  std::vector<std::string> leftOut;    ///< what, with the reason behind: "tracking: no time was left"
  bool operator==(const BenchNet&) const = default;
};

struct Bench {
  std::string device, machine, precision;  ///< "cpu"; its processor and threads in words; float | double
  std::int64_t threads = 0;
  std::vector<BenchNet> nets;          ///< in the order of the spec
  double seconds = 0;
  bool stopped = false;                ///< what was measured until then
};

}  // namespace analysis
