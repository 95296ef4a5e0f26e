// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icon_engine.h"

#include <QPainter>
#include <QSvgRenderer>
#include <algorithm>

namespace ui {

void IconEngine::paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) {
  const qreal ratio = painter->device() != nullptr ? painter->device()->devicePixelRatioF() : 1.0;
  QRect square(QPoint(), QSize(1, 1) * std::min(rect.width(), rect.height()));
  square.moveCenter(rect.center());
  painter->drawPixmap(square, pixmap(square.size() * ratio, mode, state));
}

QPixmap IconEngine::pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) {
  const QColor colour = mode == QIcon::Disabled ? colours_.disabled : state == QIcon::On ? colours_.on : colours_.normal;
  const int side = std::min(size.width(), size.height());
  if (side <= 0 || svg_.isEmpty()) return {};
  QPixmap& drawn = drawn_[{side, colour.rgba()}];
  if (!drawn.isNull()) return drawn;
  QByteArray coloured = svg_;
  coloured.replace("currentColor", colour.name().toLatin1());
  QSvgRenderer renderer(coloured);
  drawn = QPixmap(side, side);
  drawn.fill(Qt::transparent);
  QPainter painter(&drawn);
  renderer.render(&painter);
  return drawn;
}

QPixmap IconEngine::scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal scale) {
  QPixmap out = pixmap(size, mode, state);  // size is in device pixels
  out.setDevicePixelRatio(scale);
  return out;
}

}  // namespace ui
