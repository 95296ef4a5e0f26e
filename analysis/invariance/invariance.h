// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analysis/measure_spec.h"

namespace analysis {

/// What the invariance lab does to a checkpoint: transformations of the flat vector (and the running statistics) that leave its function or its predictions as
/// they are, and every measure before and after.
struct InvarianceSpec {
  MeasureSpec measure;
  std::vector<std::string> transforms;  ///< of transformationNames(); empty: all that the network has
  double strength = 2;                  ///< > 0: the factor of a scaling; the stretch of attention's matrices
  double share = 1;                     ///< 0..1: of the units that a permutation moves
  std::uint64_t transformSeed = 0;
  std::string other;                    ///< another run, to be recognised as the same function; empty: none
  std::string otherStep = "last";
  double rho = 0.5;                     ///< of worst and one-step
  double deviation = 0.05;              ///< of average
  std::int64_t iterations = 20;         ///< of an ascent
  std::int64_t draws = 20;              ///< of trace, average, relative flatness and random curvature, >= 20
  std::string save;                     ///< checkpoint file for the transformed weights (all transformations after one another); empty: none
  bool operator==(const InvarianceSpec&) const = default;
};

/// "scale-layers", "scale-units", "permute", "norm-scale", "attention-query-key", "attention-value", "last-layer".
const std::vector<std::string>& transformationNames();

/// One measure before and after, and what follows.
struct InvarianceBadge {
  std::string measure;       ///< "lambda_max", "worst_adaptive", ...
  double before = 0, beforeError = 0;
  double after = 0, afterError = 0;
  double tolerance = 0;      ///< |after - before| up to it cannot be told from equal
  bool claimed = false;      ///< theory says that it is invariant under this transformation
  bool earned = false;       ///< |after - before| <= tolerance
  bool sharp = true;         ///< the tolerance is at most a tenth of the value: earned says something. Else more draws would have to decide
};

struct InvarianceOutcome {
  std::string transform;     ///< or "other: RUN, step N"
  std::string layers;        ///< what was changed: "fc1 -> fc2, fc2 -> fc3"
  std::string keeps;         ///< "outputs" | "predictions"
  double strength = 0;
  double largestDifference = 0;      ///< max |outputs after - before|
  double largestOutput = 0;          ///< max |outputs before|
  std::int64_t changedPredictions = 0;
  bool verified = false;             ///< outputs: largestDifference <= 1e-3 (float) or 1e-8 (double) of largestOutput; predictions: none changed
  std::vector<InvarianceBadge> badges;  ///< empty unless verified
};

struct Invariance {
  std::int64_t step = 0, samples = 0, parameters = 0;
  std::string batchNorm, precision, device;
  double lossValue = 0;
  std::vector<InvarianceOutcome> outcomes;
  double seconds = 0;
  bool stopped = false;      ///< cut short by a stop: what is there is kept
};

}  // namespace analysis
