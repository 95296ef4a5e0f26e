// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QImage>
#include <QSize>
#include <vector>

#include "ui/scenes/axes_overlay.h"

namespace ui {

/// A 3-D view in more pixels than the screen has, its labels beside it so that they stay text in SVG and PDF.
struct SceneStill {
  QImage picture;  ///< without labels; premultiplied alpha, everywhere 255 unless it was asked to be transparent
  QSize view;      ///< logical pixels, in which the labels are placed
  std::vector<OverlayLabel> labels;
  LabelColours colours;
  QFont font;
};

/// How a still is to be made.
struct StillSpec {
  int width = 1920;  ///< pixels; the height follows from the view
  bool transparent = false;
};

inline constexpr int kLeastStill = 256, kWidestStill = 8192;

}  // namespace ui
