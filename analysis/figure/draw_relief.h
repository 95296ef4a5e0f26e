// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/figure/canvas.h"

namespace analysis {

/// A panel's field as a relief without any display: cells painted from far to near, each with its piece of the contour lines, walls and axes behind, series on top.
/// Vector paths in SVG and PDF. Cells with a missing corner are holes; what diverged stands grey at the top.
void drawRelief(const Canvas& canvas, const Panel& panel, const Box& box);

}  // namespace analysis
