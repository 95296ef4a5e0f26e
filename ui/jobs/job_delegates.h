// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace ui {

/// A 12 px state icon in the middle of its cell.
class JobStateDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

 protected:
  void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;
};

/// JobModel::percentRole as a bar in the palette's link colour, the accent of the theme; muted where the job stands still or ended early.
/// Nothing before it has begun.
class ProgressDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// Pause or resume, and cancel or remove, as two flat buttons in a cell. The same by keyboard: Space and Delete, JobsPanel.
class JobButtonsDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  enum Button { pause, cancel, none };
  using QStyledItemDelegate::QStyledItemDelegate;

  static QRect place(const QRect& cell, Button button);
  /// The one that is at `point` and can be pressed now.
  static Button buttonAt(const QRect& cell, const QPoint& point, const QModelIndex& index);
  static bool offers(Button button, const QModelIndex& index);
  static QString name(Button button, const QModelIndex& index);  ///< "Pause (Space)"

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option, const QModelIndex& index) override;
  bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option, const QModelIndex& index) override;

 signals:
  void pressed(ui::JobButtonsDelegate::Button button, qint64 id);
};

}  // namespace ui
