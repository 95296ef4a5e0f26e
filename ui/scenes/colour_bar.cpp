// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/colour_bar.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "analysis/figure/figure.h"

namespace ui {

namespace {

constexpr double kMargin = 12, kGrip = 10;  ///< pixels

}  // namespace

ColourBar::ColourBar(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  setMouseTracking(true);
}

ColourBar::End ColourBar::endAt(double x) const {
  if (std::abs(x - kMargin) <= kGrip) return End::low;
  return std::abs(x - (width() - kMargin)) <= kGrip ? End::high : End::none;
}

void ColourBar::mousePressEvent(QMouseEvent* event) {
  held_ = event->button() == Qt::LeftButton ? endAt(event->position().x()) : End::none;
  before_ = scale_;
}

void ColourBar::mouseMoveEvent(QMouseEvent* event) {
  setCursor(held_ != End::none || endAt(event->position().x()) != End::none ? Qt::SplitHCursor : Qt::ArrowCursor);
  if (held_ == End::none) return;
  const double t = std::clamp((event->position().x() - kMargin) / (width() - 2 * kMargin), -1.0, 2.0);
  const double value = before_.loss(t);
  // Pulled outwards the range grows, inwards it shrinks; never to nothing.
  if (held_ == End::low && t < 0.95) emit rangeDragged(value, before_.to);
  if (held_ == End::high && t > 0.05) emit rangeDragged(before_.from, value);
}

void ColourBar::mouseReleaseEvent(QMouseEvent*) { held_ = End::none; }

void ColourBar::mouseDoubleClickEvent(QMouseEvent*) { emit freed(); }

void ColourBar::setScale(const HeightScale& scale, int levels) {
  if (scale == scale_ && levels == levels_) return;
  scale_ = scale;
  levels_ = levels;
  update();
}

void ColourBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const QRectF bar(kMargin, 4, width() - 2 * kMargin, 12);
  for (int x = 0; x < static_cast<int>(bar.width()); ++x) {
    const analysis::Colour c = colourOf(scale_.map, x / (bar.width() - 1));
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
