// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QColor>
#include <QIconEngine>
#include <QMap>

namespace ui {

/// An outline icon: an SVG whose `currentColor` is replaced, drawn at the size in device pixels that is asked for.
class IconEngine : public QIconEngine {
 public:
  struct Colours {
    QColor normal, disabled, on;  ///< `on`: of a checked button
  };
  IconEngine(QByteArray svg, const Colours& colours) : svg_(std::move(svg)), colours_(colours) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override;
  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override;
  QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal scale) override;
  QIconEngine* clone() const override { return new IconEngine(*this); }
  bool isNull() override { return svg_.isEmpty(); }

 private:
  QByteArray svg_;
  Colours colours_;
  QMap<std::pair<int, QRgb>, QPixmap> drawn_;  ///< by side and colour
};

}  // namespace ui
