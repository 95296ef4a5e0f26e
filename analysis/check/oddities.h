// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "analysis/measure_spec.h"

/// "Why does my surface look odd?": what is asked and what was found.
namespace analysis {

struct OdditySpec {
  MeasureSpec measure;              ///< the surface's own: run, samples, policy, precision
  std::string surface;              ///< the file that is looked at; empty: one that is in memory
  std::vector<std::string> beside;  ///< files of surfaces that are shown beside it
  std::int64_t probes = 8;          ///< cells that are evaluated again, in double, and by the other policies
  bool operator==(const OdditySpec&) const = default;
};

/// passed: looked for, not there. found: it is there, and explains something odd. informative: there, and as it should be with what was asked for.
enum class OddityVerdict { passed, found, informative, notApplicable };

struct Finding {
  std::string name;    ///< "centre-value", ...: surface_oddities.h and grid_oddities.h list them
  OddityVerdict verdict = OddityVerdict::passed;
  double value = std::numeric_limits<double>::quiet_NaN();  ///< what was measured, the sentence says in what unit; NaN: nothing
  double limit = std::numeric_limits<double>::quiet_NaN();  ///< beyond it the verdict is `found`; NaN: another rule
  std::string sentence{};  ///< what was measured
  std::string advice{};    ///< what to do; empty where nothing
  bool operator==(const Finding&) const = default;
};

struct Oddities {
  std::int64_t step = 0, samples = 0, evaluations = 0, products = 0;
  std::string title;               ///< "surface 33 x 33 of runs/sam at step 920"
  bool withRun = false;            ///< the run was there: what is measured on it was
  std::string without{};           ///< why not, a sentence
  std::vector<Finding> findings{};
  double seconds = 0;
  std::int64_t count(OddityVerdict v) const {
    std::int64_t n = 0;
    for (const Finding& f : findings) n += f.verdict == v ? 1 : 0;
    return n;
  }
};

inline const char* toString(OddityVerdict v) {
  if (v == OddityVerdict::passed) return "passed";
  if (v == OddityVerdict::found) return "found";
  return v == OddityVerdict::informative ? "informative" : "not applicable";
}

}  // namespace analysis
