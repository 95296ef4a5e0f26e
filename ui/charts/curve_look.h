// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPen>
#include <QVector>

namespace ui {

/// How a run is drawn in every picture: colour, dash lengths in pixels (empty: solid), marker.
struct CurveLook {
  enum class Marker { circle, square, triangle, diamond, star };
  QColor colour{0x00, 0x72, 0xB2};
  QVector<qreal> dashes;
  Marker marker = Marker::circle;
  bool operator==(const CurveLook&) const = default;

  QPen pen(qreal width) const {
    QPen out(colour, width);
    out.setCapStyle(Qt::FlatCap);
    if (dashes.isEmpty()) return out;
    QVector<qreal> units;  // QPen counts in pen widths
    for (const qreal dash : dashes) units.append(dash / width);
    out.setDashPattern(units);
    return out;
  }
};

/// What a chart takes from the theme.
struct ChartColours {
  QColor background{Qt::white};
  QColor grid{0xE8, 0xEB, 0xEF};
  QColor axis{0x9A, 0xA3, 0xAE};
  QColor text{0x1B, 0x20, 0x26};
  QColor secondText{0x4F, 0x59, 0x65};
  QColor accent{0x5A, 0x50, 0xD2};
};

}  // namespace ui
