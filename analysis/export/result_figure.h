// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analysis/export/result_file.h"
#include "analysis/figure/figure.h"

/// Pieces that the figure of one result and the report share.
namespace analysis {

/// The colour range and the contour levels of several surfaces: one scale is what makes them comparable.
struct SurfaceScale {
  double from = 0, to = 1;
  Scale kind = Scale::linear;
  std::vector<double> levels;
};
/// Over every finite training loss. Logarithmic, with levels at 1, 2 and 5 times powers of ten, where all are positive and the largest is over a hundred times
/// the smallest: on a linear scale the basin would be one colour. Else linear with 15 levels at equal steps, from 0 where the smallest is within a quarter of
/// the largest.
SurfaceScale surfaceScale(const std::vector<const SurfaceGrid*>& grids);
/// The same over any values of several surfaces.
SurfaceScale valueScale(const std::vector<const std::vector<double>*>& fields);

/// "train loss (cross entropy), log scale": what stands beside the colour bar.
std::string scaleLabel(const SurfaceScale& scale);

/// The contour map of the training loss, with its centre marked.
Panel surfacePanel(const SurfaceGrid& grid, const std::string& title, const SurfaceScale& scale);

/// "random, filter-normalised, ..." as the label of an axis: "x: random ...".
std::string axisLabel(const SurfaceGrid& grid, std::size_t axis);

/// What a surface or slice shows and what it cannot: samples, precision, policy, missing and diverged points.
std::string surfaceCaption(const SurfaceGrid& grid);
/// "319 of 16,641 points evaluated, the rest interpolated: within 1 % at 95 % of points (worst of 30 checked 0.6 %)"; empty where nothing is interpolated and no error was asked for.
std::string evaluatedText(const SurfaceGrid& grid);

}  // namespace analysis
