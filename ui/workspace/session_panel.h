// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSet>
#include <QWidget>
#include <utility>
#include <vector>

#include "ui/workspace/run_details.h"
#include "ui/workspace/run_looks.h"

class QFormLayout;
class QLabel;
class QLineEdit;
class QMenu;
class QModelIndex;
class QPushButton;
class QSortFilterProxyModel;
class QToolButton;
class QTreeView;

namespace ui {

class SessionTreeModel;

/// The runs of the session with their checkpoints and results, a filter above them and the settings of the selected one below.
class SessionPanel : public QWidget {
  Q_OBJECT
 public:
  SessionPanel(Session& session, const RunLooks& looks, const Theme& theme, QWidget* parent = nullptr);

  QTreeView* tree() const { return tree_; }
  SessionTreeModel* model() const { return model_; }
  /// What can be done with what is at `index`, empty for nothing. The caller owns it.
  QMenu* menuFor(const QModelIndex& index);

 signals:
  void newRunRequested();
  void openRequested();
  void removeRequested(const std::string& folder);
  void resultActivated(const std::string& folder, const QString& kind);  ///< it is the one shown by now
  void locateRequested(const std::string& folder);                       ///< of a run that is missing
  void continueRequested(const std::string& folder);                     ///< of one that was stopped, or never begun
  void groupShown(const QString& group);                                 ///< its chart over the settings is wanted

 private:
  QWidget* makeHeader();
  QWidget* makeTree();
  QWidget* makeDetails();
  void expandAsBefore();
  void noteExpansion(const QModelIndex& index, bool open);
  void activate(const QModelIndex& index);
  void showSelection();
  void showDetails();
  void refreshIcons();
  void fillRunMenu(QMenu& menu, const SessionRun& run);
  void fillStyleMenu(QMenu& menu, const SessionRun& run);
  void fillGroupMenu(QMenu& menu, const QModelIndex& at);
  void fillResultMenu(QMenu& menu, const SessionRun& run, const QModelIndex& at);

  Session& session_;
  const RunLooks& looks_;
  const Theme& theme_;
  QLineEdit* filter_;
  QTreeView* tree_;
  SessionTreeModel* model_;
  QSortFilterProxyModel* proxy_;
  QToolButton *add_, *open_;
  QLabel *swatch_, *name_, *message_;
  QPushButton* locate_;
  QFormLayout* details_;
  RunDetails shownDetails_;
  QSet<QString> opened_, closed_;  ///< keys of rows that the user opened or closed
  bool expanding_ = false;
};

}  // namespace ui
