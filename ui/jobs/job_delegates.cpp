// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job_delegates.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QCursor>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include "ui/jobs/job_model.h"

namespace ui {
namespace {

constexpr int kIcon = 12, kButton = 20, kMargin = 4, kBarHeight = 8;
constexpr qreal kBarRadius = 2, kButtonRadius = 4;

JobState stateOf(const QModelIndex& index) {
  return static_cast<JobState>(index.data(JobModel::stateRole).toInt());
}

void drawBackground(QPainter* painter, const QStyleOptionViewItem& option) {
  const QStyle* style = option.widget ? option.widget->style() : QApplication::style();
  style->drawPrimitive(QStyle::PE_PanelItemViewItem, &option, painter, option.widget);
}

void drawSymbol(QPainter* painter, const QRectF& cell, JobButtonsDelegate::Button button, bool paused) {
  QRectF box(0, 0, 8, 8);
  box.moveCenter(cell.center());
  if (button == JobButtonsDelegate::cancel) {
    painter->drawLine(box.topLeft(), box.bottomRight());
    painter->drawLine(box.topRight(), box.bottomLeft());
  } else if (paused) {
    painter->setBrush(painter->pen().color());
    painter->drawPolygon(
        QPolygonF({box.topLeft() + QPointF(1, 0), QPointF(box.right(), box.center().y()), box.bottomLeft() + QPointF(1, 0)}));
  } else {
    painter->drawLine(box.topLeft() + QPointF(1.5, 0), box.bottomLeft() + QPointF(1.5, 0));
    painter->drawLine(box.topRight() - QPointF(1.5, 0), box.bottomRight() - QPointF(1.5, 0));
  }
}

}  // namespace

void JobStateDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const {
  QStyledItemDelegate::initStyleOption(option, index);
  option->decorationSize = QSize(kIcon, kIcon);
  option->decorationAlignment = Qt::AlignCenter;
}

void ProgressDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  drawBackground(painter, option);
  const double percent = index.data(JobModel::percentRole).toDouble();
  const JobState state = stateOf(index);
  if (percent < 0 && state != JobState::running) return;
  const bool lively = state == JobState::running || state == JobState::done;
  const QPalette& palette = option.palette;
  QRectF bar = option.rect.adjusted(kMargin, 0, -2 * kMargin, 0);
  bar.setHeight(kBarHeight);
  bar.moveCenter(QPointF(bar.center().x(), QRectF(option.rect).center().y()));
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(Qt::NoPen);
  painter->setBrush(palette.color(QPalette::Midlight));
  painter->drawRoundedRect(bar, kBarRadius, kBarRadius);
  bar.setWidth(bar.width() * std::max(percent, 0.0) / 100);
  painter->setBrush(palette.color(lively ? QPalette::Link : QPalette::PlaceholderText));
  if (bar.width() > 0) painter->drawRoundedRect(bar, kBarRadius, kBarRadius);
  painter->restore();
}

QRect JobButtonsDelegate::place(const QRect& cell, Button button) {
  const int x = cell.right() + 1 - kMargin - (button == pause ? 2 * kButton + kMargin : kButton);
  return {x, cell.center().y() - kButton / 2 + 1, kButton, kButton};
}

bool JobButtonsDelegate::offers(Button button, const QModelIndex& index) {
  if (button == none || !index.isValid() || index.data(JobModel::stoppingRole).toBool()) return false;
  return button == cancel || !isOver(stateOf(index));
}

JobButtonsDelegate::Button JobButtonsDelegate::buttonAt(const QRect& cell, const QPoint& point, const QModelIndex& index) {
  for (const Button button : {pause, cancel}) {
    if (place(cell, button).contains(point) && offers(button, index)) return button;
  }
  return none;
}

QString JobButtonsDelegate::name(Button button, const QModelIndex& index) {
  if (button == pause) return stateOf(index) == JobState::paused ? QStringLiteral("Resume (Space)") : QStringLiteral("Pause (Space)");
  return isOver(stateOf(index)) ? QStringLiteral("Remove from the list (Delete)") : QStringLiteral("Cancel, keep what is done (Delete)");
}

void JobButtonsDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  drawBackground(painter, option);
  Button hovered = none;
  const auto* view = qobject_cast<const QAbstractItemView*>(option.widget);
  if (view && (option.state & QStyle::State_MouseOver))
    hovered = buttonAt(option.rect, view->viewport()->mapFromGlobal(QCursor::pos()), index);
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  for (const Button button : {pause, cancel}) {
    if (!offers(button, index)) continue;
    const QRectF cell = place(option.rect, button);
    painter->setPen(Qt::NoPen);
    painter->setBrush(option.palette.color(QPalette::Button));
    if (button == hovered) painter->drawRoundedRect(cell, kButtonRadius, kButtonRadius);
    painter->setBrush(Qt::NoBrush);
    const bool onSelection = (option.state & QStyle::State_Selected) && button != hovered;
    painter->setPen(QPen(option.palette.color(onSelection ? QPalette::HighlightedText : QPalette::Text), 1.25, Qt::SolidLine, Qt::RoundCap,
                         Qt::RoundJoin));
    drawSymbol(painter, cell, button, stateOf(index) == JobState::paused);
  }
  painter->restore();
}

QSize JobButtonsDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
  return {2 * kButton + 3 * kMargin, kButton + kMargin};
}

bool JobButtonsDelegate::editorEvent(QEvent* event, QAbstractItemModel*, const QStyleOptionViewItem& option, const QModelIndex& index) {
  if (event->type() == QEvent::MouseMove) {
    if (auto* view = qobject_cast<QAbstractItemView*>(const_cast<QWidget*>(option.widget)))
      view->update(index);  // another button may be hovered
    return false;
  }
  if (event->type() != QEvent::MouseButtonRelease) return false;
  const auto* mouse = static_cast<const QMouseEvent*>(event);
  const Button button = mouse->button() == Qt::LeftButton ? buttonAt(option.rect, mouse->pos(), index) : none;
  if (button == none) return false;
  emit pressed(button, index.data(JobModel::idRole).toLongLong());
  return true;
}

bool JobButtonsDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                                   const QModelIndex& index) {
  if (event->type() != QEvent::ToolTip) return QStyledItemDelegate::helpEvent(event, view, option, index);
  const Button button = buttonAt(option.rect, event->pos(), index);
  QToolTip::showText(event->globalPos(), button == none ? QString() : name(button, index), view, place(option.rect, button));
  return true;
}

}  // namespace ui
