// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/figure/canvas.h"

namespace analysis {

/// A field as an image (values bilinear between grid points, then coloured) under its contour lines, every fourth (on a log scale: powers of ten) a little wider. Cells with a missing
/// corner stay blank, those with an infinite one are hatched grey.
void drawField(const Canvas& canvas, const Field& field, const Box& box);

}  // namespace analysis
