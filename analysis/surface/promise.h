// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/unknown.h"

namespace analysis {

/// What is promised of the interpolated points of a grid, and what it rests on.
///
/// The error of a loss is |interpolated - exact| / max(|exact|, range/100), range over the finite losses that were computed (that of the whole grid at most, so the measure errs on
/// the strict side). kHeldBack points are drawn from those not computed, one at random in each of as many equal parts along a Z-curve, and evaluated: none may exceed the
/// tolerance, in the train and in the test loss. Where one does, the grid is refined and another draw is made, kMostDraws at most, then every point is computed.
///
/// What it says, whatever the surface: a point of the grid picked at random is within the tolerance with probability >= kCoverage, over the draws. For let a share p_j of the points
/// not computed be wrong at draw j. It goes unnoticed with probability prod (1 - p_ij) <= (1 - p_j)^n over the parts (geometric and arithmetic mean), so a wrong point is met
/// with at most V_m, V_0 = 0, V_m = max over p of p (1 - p)^n + (1 - (1 - p)^n) V_{m-1}, whatever p_j refinement leaves: V_8 = 0.0466 for n = 30. With one draw it is the rank
/// argument of conformal prediction (Vovk, Gammerman, Shafer 2005; 1/(n + 1)). Of one surface it is not certain: `shareAtLeast` is the exact 95 % lower bound of a binomial share
/// with none of n exceeding (Clopper and Pearson 1934: 0.05^(1/n), 0.905 of the points not computed), which holds draw by draw.
struct ErrorPromise {
  double tolerance = 0;
  double coverage = 0;           ///< kCoverage; 1 where every point is computed
  std::int64_t heldBack = 0;     ///< points of the last draw: those that the promise rests on
  std::int64_t exceeded = 0;     ///< of them beyond the tolerance
  std::int64_t draws = 0;        ///< made; all but the last led to refinement
  std::int64_t interpolated = 0; ///< points that are not computed
  double worstSeen = 0;          ///< largest error of the losses measured, of the last draw
  double testWorstSeen = 0;      ///< of the test losses
  double accuracyWorstSeen = 0, testAccuracyWorstSeen = 0;  ///< |interpolated - exact| of the shares: seen, not promised
  double shareAtLeast = 1;       ///< of all points within the tolerance, at 95 % confidence
  bool operator==(const ErrorPromise&) const = default;
};

constexpr std::int64_t kHeldBack = 30, kMostDraws = 8;
constexpr double kCoverage = 0.95;

/// Of the points where `computed` is 0, kHeldBack at random as above (without parts where there are fewer than 15 a part: sizes of parts would differ too much); all of them
/// where there are no more. Row-major indices.
std::vector<std::size_t> drawHeldBack(const std::vector<std::uint8_t>& computed, std::int64_t columns, std::uint64_t seed);

/// V_m above, in closed form step by step.
double missProbability(std::int64_t points, std::int64_t draws);

/// "within 1 % at 95 % of points (worst of 30 checked 0.6 %)", "every point was computed".
std::string promiseText(const ErrorPromise& promise);

}  // namespace analysis
