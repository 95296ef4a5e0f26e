// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenes/axes_overlay.h"

#include <QPainter>
#include <algorithm>

namespace ui {
namespace {

QRectF placed(QPointF at, QSizeF size, Qt::Alignment anchor) {
  double x = at.x() - size.width() / 2, y = at.y() - size.height() / 2;
  if (anchor & Qt::AlignLeft) x = at.x();
  if (anchor & Qt::AlignRight) x = at.x() - size.width();
  if (anchor & Qt::AlignTop) y = at.y();
  if (anchor & Qt::AlignBottom) y = at.y() - size.height();
  return {QPointF(x, y), size};
}

}  // namespace

void paintLabels(QPainter& painter, const std::vector<OverlayLabel>& labels, const LabelColours& colours, const QFont& font, double width) {
  painter.setRenderHint(QPainter::Antialiasing);
  QFont ticks = font;
  ticks.setPixelSize(11);
  QFont names = font;
  names.setPixelSize(12);
  for (const OverlayLabel& label : labels) {
    painter.setFont(label.kind == OverlayLabel::Kind::tick ? ticks : names);
    const QSizeF size = painter.fontMetrics().size(Qt::TextSingleLine, label.text);
    QRectF area = placed(label.at, size, label.anchor);
    area.moveLeft(std::clamp(area.left(), 2.0, std::max(2.0, width - size.width() - 2)));  // nothing is cut off at the sides
    if (label.kind == OverlayLabel::Kind::plate) {
      const QRectF plate = area.adjusted(-6, -3, 6, 3);
      painter.setPen(Qt::NoPen);
      painter.setBrush(colours.plate);
      painter.drawRoundedRect(plate, 4, 4);
    }
    painter.setPen(label.colour.isValid() ? label.colour : label.kind == OverlayLabel::Kind::tick ? colours.secondText : colours.text);
    painter.drawText(area, Qt::AlignCenter | Qt::TextDontClip, label.text);
  }
}

AxesOverlay::AxesOverlay(QWidget* view) : QWidget(view) {
  setAttribute(Qt::WA_TransparentForMouseEvents);
  setAttribute(Qt::WA_NoSystemBackground);
}

void AxesOverlay::setColours(const LabelColours& colours) {
  colours_ = colours;
  update();
}

void AxesOverlay::setLabels(std::vector<OverlayLabel> labels) {
  if (labels == labels_) return;
  labels_ = std::move(labels);
  update();
}

void AxesOverlay::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintLabels(painter, labels_, colours_, font(), width());
}

}  // namespace ui
