// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

namespace ui {

/// A table whose first columns stay where they are while the others scroll: a second view of the same model and selection lies over them.
class FrozenTable : public QTableView {
  Q_OBJECT
 public:
  explicit FrozenTable(QWidget* parent = nullptr);
  void setModel(QAbstractItemModel* model) override;
  /// How many columns stay; no more than half of the table's width, so that something is left to scroll.
  void setFrozen(int columns);
  /// The view that lies over the first columns; its cells look as those of the table.
  QTableView* over() const { return over_; }
  /// Columns as wide as their titles and cells.
  void fitColumns(int padding);

 signals:
  void copyRequested();  ///< Ctrl+C

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void scrollTo(const QModelIndex& index, ScrollHint hint) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void place();
  int frozenNow() const;

  QTableView* over_;
  int columns_ = 1;
};

}  // namespace ui
