// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison/comparison.h"

namespace analysis {

std::string toString(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::none: return "";
    case ErrorKind::residual: return "residual";
    case ErrorKind::probes: return "standard error of probes";
    case ErrorKind::binomial: return "binomial";
    case ErrorKind::items: return "standard error over items";
    case ErrorKind::shortfall: return "ascent";
    case ErrorKind::bracket: return "bracket";
    case ErrorKind::seeds: return "deviation over seeds";
  }
  return "";
}

std::string toString(ComparedVerdict verdict) {
  switch (verdict) {
    case ComparedVerdict::none: return "";
    case ComparedVerdict::different: return "different";
    case ComparedVerdict::withinNoise: return "within noise";
    case ComparedVerdict::cannotTell: return "cannot tell";
  }
  return "";
}

std::string toString(FairVerdict verdict) { return verdict == FairVerdict::ok ? "ok" : verdict == FairVerdict::warning ? "warning" : "unknown"; }

}  // namespace analysis
