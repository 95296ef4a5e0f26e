// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/figure/canvas.h"

namespace analysis {

constexpr Colour kInk{0.10, 0.12, 0.15, 1}, kSecondInk{0.31, 0.35, 0.40, 1}, kAxisInk{0.45, 0.49, 0.54, 1}, kGridInk{0.90, 0.91, 0.93, 1};

/// Title, legend, axes with ticks, field with contours, series and note, all inside `box`. A legend never covers data.
void drawPanel(const Canvas& canvas, const Panel& panel, const Box& box);

/// A vertical bar of the field's colours with its levels and ticks.
void drawColourBar(const Canvas& canvas, const Field& field, const std::string& label, const Box& box);

}  // namespace analysis
