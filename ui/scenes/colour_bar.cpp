// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/colour_bar.h"

#include <QPainter>
#include <algorithm>

#include "analysis/figure/figure.h"

namespace ui {

ColourBar::ColourBar(QWidget* parent) : QWidget(parent) { setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); }

void ColourBar::setScale(const HeightScale& scale, int levels) {
  if (scale == scale_ && levels == levels_) return;
  scale_ = scale;
  levels_ = levels;
  update();
}

void ColourBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const QRectF bar(12, 4, width() - 24, 12);
  for (int x = 0; x < static_cast<int>(bar.width()); ++x) {
    const analysis::Colour c = analysis::viridis(x / (bar.width() - 1));
    painter.fillRect(QRectF(bar.left() + x, bar.top(), 1, bar.height()), QColor::fromRgbF(c.r, c.g, c.b));
  }
  const auto at = [&](double loss) { return bar.left() + std::clamp(scale_.fraction(loss), 0.0, 1.0) * bar.width(); };
  painter.setPen(QColor(0, 0, 0, 110));
  for (const double level : scale_.contourLevels(levels_)) painter.drawLine(QPointF(at(level), bar.top()), QPointF(at(level), bar.bottom() - 1));
  QFont ticks = font();
  ticks.setPixelSize(11);
  painter.setFont(ticks);
  painter.setPen(palette().color(QPalette::WindowText));
  double free = -1;  // labels that would run into the one before are left out
  for (const double loss : scale_.ticks(4)) {
    const double fraction = scale_.fraction(loss);
    if (!(fraction >= -1e-9 && fraction <= 1 + 1e-9)) continue;
    const QString text = QString::fromStdString(numberText(loss, 3));
    const double wide = painter.fontMetrics().horizontalAdvance(text);
    const double left = std::clamp(at(loss) - wide / 2, 0.0, std::max(0.0, width() - wide));
    painter.drawLine(QPointF(at(loss), bar.bottom()), QPointF(at(loss), bar.bottom() + 3));
    if (left <= free) continue;
    painter.drawText(QPointF(left, height() - 5), text);
    free = left + wide + 6;
  }
}

}  // namespace ui
