// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/interchange/named_array.h"
#include "analysis/surface/surface_grid.h"

namespace analysis {

/// One number at each point, by the name that every format gives it. Rows are y, columns are x.
struct SurfaceColumn {
  std::string name;
  const std::vector<double>* values;
};

/// train_loss, train_accuracy (named by the split; measured_... where that is the test set), test_loss, test_accuracy, the deviations between seeds, each field and
/// <field>_residual. The first is always there; another that is not a number anywhere is left out.
std::vector<SurfaceColumn> surfaceColumns(const SurfaceGrid& grid);

/// x, y (none of a slice), each column [rows, columns] (NaN where missing), computed, interpolated (where there is one that is), and trajectory_run, trajectory_step, trajectory_x ... where there is one.
NamedArrays surfaceArrays(const SurfaceGrid& grid);

}  // namespace analysis
