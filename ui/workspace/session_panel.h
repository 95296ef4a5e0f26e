// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <utility>
#include <vector>

#include "ui/workspace/run_details.h"
#include "ui/workspace/run_looks.h"

class QFormLayout;
class QLabel;
class QLineEdit;
class QStandardItem;
class QStandardItemModel;
class QSortFilterProxyModel;
class QToolButton;
class QTreeView;

namespace ui {

/// The runs of the session with their results, a filter above them and the settings of the selected one below. Folders dropped on it are opened.
class SessionPanel : public QWidget {
  Q_OBJECT
 public:
  SessionPanel(Session& session, const RunLooks& looks, const Theme& theme, QWidget* parent = nullptr);

  QTreeView* tree() const { return tree_; }

 signals:
  void newRunRequested();
  void openRequested();
  void opened(const QString& folder);   ///< dropped
  void removeRequested(const std::string& folder);
  void resultActivated(const std::string& folder, const QString& kind);  ///< "spectrum", "sharpness", "invariance", "surface", "slice"

 protected:
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  QWidget* makeHeader();
  QWidget* makeTree();
  QWidget* makeDetails();
  void rebuild();
  void refreshRun(const QString& folder);
  void fill(QStandardItem* name, QStandardItem* figure, const SessionRun& run);
  void showSelection();
  void showDetails();
  void refreshIcons();
  void showMenu(const QPoint& at);
  QStandardItem* itemOf(const std::string& folder) const;

  Session& session_;
  const RunLooks& looks_;
  const Theme& theme_;
  QLineEdit* filter_;
  QTreeView* tree_;
  QStandardItemModel* model_;
  QSortFilterProxyModel* proxy_;
  QToolButton *add_, *open_;
  QLabel *swatch_, *name_, *message_;
  QFormLayout* details_;
  RunDetails shownDetails_;
};

}  // namespace ui
