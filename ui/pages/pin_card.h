// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

class QTableView;

namespace ui {

class PinModel;
class Theme;

/// The pinned table: F2 or a double click renames, Delete removes, Ctrl+C copies rows (or all) separated by tabs, the menu exports.
class PinCard : public QWidget {
  Q_OBJECT
 public:
  explicit PinCard(PinModel* model, QWidget* parent = nullptr);
  QTableView* table() const { return table_; }
  QString copied() const;  ///< what Ctrl+C puts on the clipboard: the chosen rows, all where none is
  std::vector<int> chosenRows() const;

 signals:
  void exportRequested();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void copy() const;
  PinModel* model_;
  QTableView* table_;
};

}  // namespace ui
