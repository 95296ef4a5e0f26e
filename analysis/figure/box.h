// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace analysis {

/// A rectangle of a drawing, in points, y down.
struct Box {
  double x = 0, y = 0, width = 0, height = 0;
  double right() const { return x + width; }
  double bottom() const { return y + height; }
};

}  // namespace analysis
