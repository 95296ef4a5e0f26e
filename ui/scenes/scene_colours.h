// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

namespace ui {

/// What a scene takes from the theme. Data keeps its own colours.
struct SceneColours {
  QColor background{0xF7, 0xF8, 0xFA};
  QColor axis{0x9A, 0xA3, 0xAE};
  QColor grid{0xE8, 0xEB, 0xEF};
  QColor text{0x1B, 0x20, 0x26};
  QColor secondText{0x4F, 0x59, 0x65};
  QColor plate{0xFF, 0xFF, 0xFF, 217};  ///< behind labels that lie over the surface
  QColor accent{0x5A, 0x50, 0xD2};      ///< the plane of the section
  double contourOpacity = 0.42;
};

}  // namespace ui
