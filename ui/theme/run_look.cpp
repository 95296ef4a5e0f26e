// SPDX-License-Identifier: GPL-3.0-or-later
#include <QPainter>
#include <QPolygonF>
#include <array>
#include <cmath>
#include <numbers>

#include "ui/theme/tokens.h"

namespace ui {
namespace {

using Marker = CurveLook::Marker;

struct Row {
  QRgb dark, light, paper;
  QVector<qreal> dashes;
  Marker marker;
};

const std::array<Row, 6>& rows() {
  // The sixth shares a marker with the first: there are five. Grey short dashes are the look farthest from a solid blue line.
  static const std::array<Row, 6> table = {Row{0x56B4E9, 0x0072B2, 0x0072B2, {}, Marker::circle},
                                           Row{0xF0AE2E, 0xD98E00, 0xE69F00, {7, 3}, Marker::square},
                                           Row{0x2CC295, 0x009E73, 0x009E73, {9, 3, 2, 3}, Marker::triangle},
                                           Row{0xDD8FBE, 0xB4568A, 0xB4568A, {2, 3}, Marker::diamond},
                                           Row{0xF08A5B, 0xC4500A, 0xC4500A, {12, 4}, Marker::star},
                                           Row{0xB9C2CC, 0x5B6570, 0x5B6570, {3, 3}, Marker::circle}};
  return table;
}

/// Corners on a circle around the middle, the first at the top; every second one at `inner` of the radius.
QPolygonF around(QPointF middle, qreal radius, int corners, qreal inner = 1) {
  QPolygonF out;
  for (int i = 0; i < corners; ++i) {
    const qreal angle = 2 * std::numbers::pi * i / corners;
    const qreal r = i % 2 == 0 ? radius : radius * inner;
    out << middle + QPointF(r * std::sin(angle), -r * std::cos(angle));
  }
  return out;
}

void drawMarker(QPainter& painter, Marker marker, QPointF at) {
  switch (marker) {
    case Marker::circle:
      return painter.drawEllipse(at, 3.5, 3.5);
    case Marker::square:
      return painter.drawRect(QRectF(at.x() - 3, at.y() - 3, 6, 6));
    case Marker::triangle:
      return painter.drawPolygon(around(at + QPointF(0, 1), 4.6, 3));
    case Marker::diamond:
      return painter.drawPolygon(around(at, 4.6, 4));
    case Marker::star:
      return painter.drawPolygon(around(at, 5.2, 10, 0.45));
  }
}

}  // namespace

CurveLook runLook(std::size_t index, ThemeKind kind) {
  const Row& row = rows()[index % rows().size()];
  const QRgb colour = kind == ThemeKind::dark ? row.dark : kind == ThemeKind::light ? row.light : row.paper;
  return {.colour = QColor::fromRgb(colour), .dashes = row.dashes, .marker = row.marker};
}

QPixmap swatch(const CurveLook& look, qreal devicePixelRatio) {
  QPixmap pixmap(QSize(28, 16) * devicePixelRatio);
  pixmap.setDevicePixelRatio(devicePixelRatio);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  painter.setRenderHint(QPainter::Antialiasing);
  QPen pen = look.pen(2);
  if (!look.dashes.isEmpty()) pen.setDashOffset(look.dashes.first() / 4);  // in pen widths: half of the first dash, so that a gap is seen
  painter.setPen(pen);
  const QPointF middle(14, 8);
  painter.drawLine(QPointF(0, 8), middle);  // from both ends, so that the dashes are symmetrical
  painter.drawLine(QPointF(28, 8), middle);
  painter.setPen(Qt::NoPen);
  painter.setBrush(look.colour);
  drawMarker(painter, look.marker, middle);
  return pixmap;
}

}  // namespace ui
