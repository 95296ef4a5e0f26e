// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "analysis/measure_spec.h"

namespace analysis {

/// What lies between two runs of one network. `measure` is of the first: its data, samples and normalisation are used at every point.
struct PathSpec {
  PathSpec() { measure.batchNorm = "interpolated"; }
  MeasureSpec measure;
  std::string run2;               ///< the other run's folder
  std::string step2 = "last";     ///< last | best | N
  std::int64_t points = 25;       ///< of each line, both ends among them; >= 3
  bool match = false;             ///< also the line to the other run with its units in the nearest places found
  std::int64_t curveSteps = 0;    ///< also a quadratic Bezier curve, trained by so many steps; 0: none
  std::string saveMatched{};      ///< checkpoint file for the permuted other run; empty: none
  bool operator==(const PathSpec&) const = default;
};

/// Loss and accuracy along a path, and how far it rises above the straight line between its ends' losses.
struct PathLine {
  std::string kind{};             ///< linear | matched | bezier
  std::vector<double> t{};        ///< 0..1
  std::vector<double> trainLoss{}, trainAccuracy{}, testLoss{}, testAccuracy{};  ///< by t; what was not computed is not there
  /// max_t [L(t) - ((1 - t) L(0) + t L(1))] over the points measured, so that the true one is not lower; at least 0. NaN until the line is whole.
  double trainBarrier = std::numeric_limits<double>::quiet_NaN(), testBarrier = trainBarrier;
  double barrierAt = trainBarrier;  ///< t of trainBarrier
  double length = 0;              ///< of the polygon through the points, in theta
};

/// How the other run's units were matched to the first one's.
struct PathMatch {
  std::int64_t groups = 0, units = 0, moved = 0, rounds = 0;
  double distanceBefore = 0, distanceAfter = 0;  ///< ||theta - theta2||
  double outputDifference = 0;    ///< largest, relative to the largest output: of the permuted network against itself, over the samples
  double seconds = 0;
};

/// How the curve's midpoint was trained.
struct PathCurve {
  std::int64_t steps = 0, gradients = 0;
  double firstLoss = 0, lastLoss = 0;  ///< mean over the curve's points before and after (the same quadrature)
  double bend = 0;                ///< of the midpoint from the middle of the line, relative to the line's length
  double seconds = 0;
};

struct Path {
  std::int64_t step = 0, step2 = 0, samples = 0, testSamples = 0, parameters = 0;
  std::string split, batchNorm, precision, device;
  double distance = 0;            ///< ||theta - theta2||
  double norm1 = 0, norm2 = 0, cosine = 0;  ///< ||theta||, ||theta2|| and the cosine between them
  std::vector<PathLine> lines;
  std::optional<PathMatch> match;
  std::optional<PathCurve> curve;
  std::int64_t evaluations = 0;
  double seconds = 0;
  bool stopped = false;
};

}  // namespace analysis
