// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "analysis/measure_spec.h"

namespace analysis {

/// What `sharpscape sharpness` measures: every kind x norm x scale x rho. rho is ||delta|| for worst and one-step, the deviation per coordinate for average.
struct SharpnessSpec {
  MeasureSpec measure;
  std::vector<std::string> kinds = {"worst", "one-step", "average"};  ///< a choice of these
  std::vector<std::string> norms = {"l2"};                            ///< l2 | linf; the average case has none and is measured once
  std::vector<std::string> scales = {"plain", "adaptive"};            ///< adaptive: delta_i = |w_i| u_i on every parameter, rho bounds u; no eta
  std::vector<double> rho;            ///< empty: by kind and norm, see defaultRho()
  std::int64_t group = 0;             ///< samples a group for worst and one-step; 0: all in one
  std::int64_t iterations = 20;       ///< of an ascent
  std::int64_t restarts = 1;          ///< random starts of an ascent, beside the one along the gradient
  std::int64_t draws = 32;            ///< of the average case and of PAC-Bayes, >= 20
  std::vector<double> penaltyRho;     ///< radii of the penalty's difference; empty: .001 .01 .05 .1 .5 and the run's own
  bool relativeFlatness = false;
  std::int64_t probes = 32;           ///< of relative flatness, >= 20, where its matrix is too large to be summed exactly
  std::optional<double> pacBayes;     ///< the rise of the loss that sigma may cost; unset: not measured
  bool operator==(const SharpnessSpec&) const = default;
};

/// An interval; NaN where there is none.
struct RiseInterval {
  double low = std::numeric_limits<double>::quiet_NaN(), high = std::numeric_limits<double>::quiet_NaN();
};

struct SharpnessMeasure {
  std::string kind, norm;
  bool adaptive = false;
  double rho = 0;
  double value = 0;          ///< a rise of the loss. Worst: a lower bound, the highest point that an ascent found
  double standardError = std::numeric_limits<double>::quiet_NaN();  ///< average: over draws (probe error); else over groups (sampling of the data); NaN for one group
  RiseInterval interval68{}, interval95{};  ///< average only
  std::int64_t draws = 0, iterations = 0, groups = 1;
  std::int64_t gradients = 0, evaluations = 0;  ///< of the whole sample: a group counts by its share
  std::string start{};       ///< worst, one group: the start that won: "gradient" | "random 1" | "smaller rho"
  double lastGain = 0;       ///< worst: the share of the value that the last quarter of the iterations gained: near 0 where it has converged
  double startSpread = 0;    ///< worst: (best - worst start) / best: how much the start mattered
};

/// The penalty's and SAM's objectives at theta.
struct SharpnessObjective {
  double rho = 0;
  double penalty = 0;  ///< L + rho ||g||: the penalty with lambda = rho
  double sam = 0;      ///< L(theta + rho g/||g||)
};

/// How far the penalty's difference is from what it stands for: d = (grad L(theta + rho g/||g||) - g) / rho against H g/||g||.
struct PenaltyApproximation {
  double rho = 0;
  double relativeError = 0;  ///< ||d - H g/||g|| || / ||H g/||g|| ||
  double cosine = 0;
};

struct RelativeFlatness {
  std::string layer;         ///< "fc.weight"
  double value = 0;
  double standardError = std::numeric_limits<double>::quiet_NaN();  ///< NaN: exact
  RiseInterval interval68{}, interval95{};
  std::int64_t products = 0;
};

/// The largest deviation whose expected rise of the loss is at most `target`.
struct PacBayesSigma {
  bool adaptive = false;     ///< deviation sigma |w_i|
  double target = 0, sigma = 0;
  double standardError = 0;  ///< of sigma, from that of the rise and its slope
  RiseInterval interval68{}, interval95{};
  double rise = 0;           ///< measured at sigma
  std::int64_t draws = 0, evaluations = 0;
};

struct Sharpness {
  std::int64_t step = 0, samples = 0, parameters = 0;
  std::string batchNorm, precision, device;
  double lossValue = 0;       ///< at theta, on the same samples
  double parameterNorm = 0;
  double gradientNorm = 0;
  double groupGradientSquare = std::numeric_limits<double>::quiet_NaN();       ///< mean over the groups of ||g_group||^2; NaN for one group
  double groupGradientSquareError = std::numeric_limits<double>::quiet_NaN();  ///< its standard error over groups
  std::int64_t groups = 1, groupSize = 0;
  std::vector<SharpnessMeasure> measures;
  std::vector<SharpnessObjective> objectives;
  std::vector<PenaltyApproximation> penaltyApproximation;
  double ownPenaltyLambda = std::numeric_limits<double>::quiet_NaN();     ///< alpha rho of a run trained with the penalty
  double ownPenaltyObjective = std::numeric_limits<double>::quiet_NaN();  ///< L + lambda ||g|| of it
  std::optional<RelativeFlatness> relativeFlatness;
  std::vector<PacBayesSigma> pacBayes;
  double seconds = 0;
  bool stopped = false;       ///< cut short by a stop: what is there is kept
};

/// Worst and one-step: l2 .25 .5 1 2, linf .0005 .001 .002 .004 (adaptive linf .01 .02 .04 .08); average: .05 .1 .2 .4. Published grids where there are any.
std::vector<double> defaultRho(const std::string& kind, const std::string& norm, bool adaptive);

}  // namespace analysis
