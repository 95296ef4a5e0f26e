// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme_style.h"

#include <QAbstractButton>
#include <QDockWidget>
#include <QPainter>
#include <QSlider>
#include <QStyleOptionSlider>
#include <algorithm>

namespace ui {
namespace {

constexpr int kMostTicks = 200;  ///< where there would be more, they would touch

void drawTicks(const QStyleOptionSlider& slider, const QRect& groove, int handleLength, QPainter& painter) {
  const int step = slider.tickInterval > 0 ? slider.tickInterval : std::max(1, slider.pageStep);
  if (slider.tickPosition == QSlider::NoTicks || (slider.maximum - slider.minimum) / step > kMostTicks) return;
  const bool flat = slider.orientation == Qt::Horizontal;
  const int span = (flat ? slider.rect.width() : slider.rect.height()) - handleLength;
  const QPoint middle = groove.center();
  painter.setPen(slider.palette.color(QPalette::Light));
  for (int value = slider.minimum; value <= slider.maximum; value += step) {
    const int at = handleLength / 2 + QStyle::sliderPositionFromValue(slider.minimum, slider.maximum, value, span, slider.upsideDown);
    for (const int side : {-1, 1}) {
      if (!(slider.tickPosition & (side < 0 ? QSlider::TicksAbove : QSlider::TicksBelow))) continue;
      if (flat) painter.drawLine(at, middle.y() + side * 9, at, middle.y() + side * 12);
      if (!flat) painter.drawLine(middle.x() + side * 9, at, middle.x() + side * 12, at);
    }
  }
}

void drawSlider(const QStyleOptionSlider& slider, const QRect& handle, QPainter& painter) {
  const bool flat = slider.orientation == Qt::Horizontal;
  const bool enabled = slider.state & QStyle::State_Enabled;
  const bool hot = slider.state & (QStyle::State_HasFocus | QStyle::State_Sunken);
  const QColor accent = slider.palette.color(enabled ? QPalette::Link : QPalette::WindowText);
  const QRect all = slider.rect;
  QPoint at = handle.center();  // far enough from the edge for the whole ring
  if (flat) at.setY(std::clamp(at.y(), all.top() + 7, std::max(all.top() + 7, all.bottom() - 7)));
  if (!flat) at.setX(std::clamp(at.x(), all.left() + 7, std::max(all.left() + 7, all.right() - 7)));
  const QRect groove = flat ? QRect(all.left(), at.y() - 2, all.width(), 4) : QRect(at.x() - 2, all.top(), 4, all.height());
  QRect done = groove;  // from the minimum to the handle
  if (flat) slider.upsideDown ? done.setLeft(at.x()) : done.setRight(at.x());
  if (!flat) slider.upsideDown ? done.setTop(at.y()) : done.setBottom(at.y());
  drawTicks(slider, groove, flat ? handle.width() : handle.height(), painter);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(slider.palette.color(QPalette::Midlight));
  painter.drawRoundedRect(groove, 2, 2);
  painter.setBrush(accent);
  if (enabled) painter.drawRoundedRect(done, 2, 2);
  painter.setPen(QPen(accent, 2));
  painter.setBrush(slider.palette.color(hot ? QPalette::Highlight : QPalette::Base));
  painter.drawEllipse(QPointF(at), 6, 6);
}

}  // namespace

void ThemeStyle::polish(QWidget* widget) {
  QProxyStyle::polish(widget);
  const bool held = qobject_cast<QDockWidget*>(widget->parentWidget()) != nullptr && qobject_cast<QAbstractButton*>(widget) == nullptr;
  if (held) widget->setAttribute(Qt::WA_StyledBackground);
}

QPixmap ThemeStyle::generatedIconPixmap(QIcon::Mode mode, const QPixmap& pixmap, const QStyleOption* option) const {
  return mode == QIcon::Selected ? pixmap : QProxyStyle::generatedIconPixmap(mode, pixmap, option);
}

void ThemeStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                                    const QWidget* widget) const {
  const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option);
  if (control != CC_Slider || slider == nullptr) return QProxyStyle::drawComplexControl(control, option, painter, widget);
  painter->save();
  drawSlider(*slider, proxy()->subControlRect(CC_Slider, slider, SC_SliderHandle, widget), *painter);
  painter->restore();
}

}  // namespace ui
