// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "analysis/surface/surface_grid.h"

/// What stands in a surface's json beside the grid: its axes, marks and trajectories.
namespace analysis {

/// [{explained_variance, random_walk_variance, eigenvalue, residual, products, gradients, checkpoints, seconds}]; what does not apply is left out.
nlohmann::ordered_json axesJson(const std::vector<AxisReport>& axes);
/// Back again; description and norm stand in the grid's own lists.
std::vector<AxisReport> axesOf(const nlohmann::json& list, const SurfaceGrid& grid);

/// [{run, step, x, y, loss, test_loss, plane_loss, distance}]
nlohmann::ordered_json trajectoryJson(const std::vector<TrajectoryPoint>& points);
std::vector<TrajectoryPoint> trajectoryOf(const nlohmann::json& list);

/// {rho, alpha, loss, perturbed_loss, plane_loss, predicted, out_of_plane, cosine, vectors: [{name, norm, x, y, length, in_plane}]}
nlohmann::ordered_json samStepJson(const SamStep& step);
SamStep samStepOf(const nlohmann::json& step);

/// computed: the grid's shape, booleans; promised_error: {tolerance, coverage, held_back, exceeded, draws, interpolated, worst_seen, test_worst_seen, accuracy_worst_seen,
/// test_accuracy_worst_seen, share_at_least, rule}; not there of a stopped grid.
void addComputed(nlohmann::ordered_json& document, const SurfaceGrid& grid);
/// Back again: what has a value and is not computed is interpolated.
void readComputed(const nlohmann::json& document, SurfaceGrid& grid);

/// seeds: [{seed, norm, train: {loss, accuracy}, test: {...}}], deviation: {train: {...}, test: {...}}: the slices that a mean is of.
void addSeeds(nlohmann::ordered_json& document, const SurfaceGrid& grid);
void readSeeds(const nlohmann::json& document, SurfaceGrid& grid);

}  // namespace analysis
