// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analysis/measure_spec.h"

namespace analysis {

/// Which run is checked, and under which conditions.
struct CheckSpec {
  MeasureSpec measure;
  std::vector<std::string> with;  ///< conditions of training to measure under: dropout, augmentation, shuffling, reduced-precision
  bool asTrained = false;         ///< all those that the run was trained with, and batch norm in training mode
  bool operator==(const CheckSpec&) const = default;
};

enum class Verdict { passed, failed, informative };

/// One property of the Hessian product that everything else rests on.
struct Check {
  std::string name;     ///< repeatability | symmetry | linearity | batch-split | gradient | difference | state | batch-norm-policy
  Verdict verdict = Verdict::passed;
  double value = 0;     ///< a relative difference
  double tolerance = 0; ///< above it the check fails; 0 where it is informative
  std::string culprit;  ///< the conditions that make it fail, found by measuring under each alone; empty where it did not
  std::string advice;   ///< a sentence: what the value means, or what to do
  bool operator==(const Check&) const = default;
};

/// How much the answer depends on the statistics that batch norm uses.
struct PolicyValue {
  std::string policy;
  double loss = 0, lambdaMax = 0, residual = 0;
  bool operator==(const PolicyValue&) const = default;
};

struct CheckReport {
  std::int64_t step = 0, samples = 0, parameters = 0;
  std::string precision, batchNorm, device;
  std::vector<std::string> conditions;  ///< what was measured under; empty: nothing random, batch norm in evaluation mode
  std::vector<Check> checks;
  std::vector<PolicyValue> policies;    ///< empty where the network has no batch norm
  std::int64_t products = 0;
  double seconds = 0;
  bool failed() const {
    for (const Check& c : checks)
      if (c.verdict == Verdict::failed) return true;
    return false;
  }
};

inline const char* toString(Verdict verdict) {
  if (verdict == Verdict::passed) return "passed";
  return verdict == Verdict::failed ? "failed" : "informative";
}

}  // namespace analysis
