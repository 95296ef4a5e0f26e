// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analysis/surface/surface_grid.h"

namespace analysis {

/// An XML StructuredGrid (.vts, ASCII, as VTK and ParaView read it): points (x, y, 0), point data train_loss, train_accuracy, test_loss, test_accuracy and
/// computed, the command as field data. Numbers keep all their digits.
std::string vtsFile(const SurfaceGrid& grid, const std::string& command);

}  // namespace analysis
