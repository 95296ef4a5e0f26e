// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPixmap>
#include <cstddef>

#include "ui/charts/curve_look.h"
#include "ui/scenes/scene_colours.h"

namespace ui {

enum class ThemeKind { dark, light, paper };

/// The colours of the interface. `text` and `second` are readable (4.5 : 1) on every surface; `third` is for placeholders and disabled
/// things only. The accent belongs to selection, focus, sliders and progress, never to data.
struct Tokens {
  QColor window, panel, header, button, sunken, scene;  ///< surfaces
  QColor line, strongLine;                              ///< borders; borders of inputs
  QColor text, second, third;
  QColor accent, accentFill, accentSoft;  ///< text and lines; primary button, under white text; selection
  QColor ok, warn, error, info;           ///< always beside an icon
  QColor chartGrid, chartAxis;
  QColor baseline;  ///< column of the baseline in the comparison
};

const Tokens& tokens(ThemeKind kind);
SceneColours sceneColours(ThemeKind kind);
ChartColours chartColours(ThemeKind kind);

/// How the run with this index is drawn everywhere. Six looks, then again from the first; no two of the six share a colour or dashes.
CurveLook runLook(std::size_t index, ThemeKind kind);

/// 28 x 16 device-independent pixels: the line with its marker in the middle, on nothing.
QPixmap swatch(const CurveLook& look, qreal devicePixelRatio);

}  // namespace ui
