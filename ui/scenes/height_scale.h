// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/figure/figure.h"
#include "ui/scenes/surface_snapshot.h"

namespace ui {

enum class ScaleKind { linear, log, logAboveMinimum };
enum class ColourMap { viridis, cividis, diverging };  ///< the last for differences: white at the middle of its range

/// The colour of t in 0..1.
analysis::Colour colourOf(ColourMap map, double t);

/// Loss to height and colour, for display only: stored values stay raw. `from` and `to` are losses at the lower and upper end.
struct HeightScale {
  ScaleKind kind = ScaleKind::linear;
  double from = 0, to = 1;
  double minimum = 0;  ///< subtracted by logAboveMinimum; below `from`
  ColourMap map = ColourMap::viridis;

  /// 0 at `from`, 1 at `to`, not clamped; NaN where the scale refuses the value (log of a loss <= 0), -infinity at the minimum of
  /// logAboveMinimum.
  double fraction(double loss) const;
  /// The loss at a fraction: the inverse.
  double loss(double fraction) const;
  /// `count` levels at equal steps of the fraction, ends left out.
  std::vector<double> contourLevels(int count) const;
  /// About `count` losses for labels: round values, powers of ten on a log scale, ends and middle above the minimum.
  std::vector<double> ticks(int count) const;
  bool operator==(const HeightScale&) const = default;
};

/// The scale that holds every finite value of all surfaces: one scale for all of them is what makes heights and colours comparable.
///
/// Linear starts at 0 where the smallest value is within a quarter of the largest. log leaves values <= 0 out. logAboveMinimum starts at the smallest
/// positive distance from the common minimum, but not below 1e-4 of the range, so that one point does not take half of the colours.
HeightScale sharedScale(ScaleKind kind, const std::vector<SurfaceSnapshot>& surfaces);

/// Linear from -m to m, m the largest finite distance from 0: for differences, in the diverging map.
HeightScale differenceScale(const SurfaceSnapshot& difference);

/// Six significant digits or fewer, with a real minus sign: "0.00311", "-1.5", "2".
std::string numberText(double value, int digits);

}  // namespace ui
