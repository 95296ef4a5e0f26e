// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStandardItemModel>

#include "ui/theme/theme.h"
#include "ui/workspace/run_looks.h"

namespace ui {

/// The session as a tree: groups, runs, below each its checkpoints and results. Renaming a run or a group, and dragging one to another place, change the session.
class SessionTreeModel : public QStandardItemModel {
  Q_OBJECT
 public:
  enum Column { name, figure, eye, columnCount_ };
  enum Role {
    nodeRole = Qt::UserRole + 1,  ///< Node
    folderRole,                   ///< of the run; empty for groups
    kindRole,                     ///< of a result: "surface" ...; title of a group
    fileRole,                     ///< of a result
    stepRole,                     ///< of a checkpoint
    keyRole,                      ///< the same for the same thing as long as it is there
  };
  enum Node { group, run, checkpoints, checkpoint, more, results, result };

  SessionTreeModel(Session& session, const RunLooks& looks, const Theme& theme, QObject* parent = nullptr);

  QModelIndex indexOf(const std::string& folder) const;
  /// Shows or hides the run, or all runs of the group, everywhere.
  void toggleVisible(const QModelIndex& index);
  /// All checkpoints of a run instead of the last two.
  void unfoldCheckpoints(const std::string& folder);

  bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
  QStringList mimeTypes() const override;
  QMimeData* mimeData(const QModelIndexList& indexes) const override;
  bool canDropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column, const QModelIndex& parent) const override;
  bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column, const QModelIndex& parent) override;
  Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }

 signals:
  void rebuilt();

 private:
  void rebuild();
  void refreshRun(const QString& folder);
  QList<QStandardItem*> makeRow(Node node, const QString& text, const std::string& folder, const QString& key) const;
  QList<QStandardItem*> makeRun(const SessionRun& run) const;
  void fill(QStandardItem* name, QStandardItem* figure, QStandardItem* eye, const SessionRun& run);
  void fillGroup(const QString& group);
  QList<QList<QStandardItem*>> children(const SessionRun& run) const;
  QStandardItem* itemOf(const std::string& folder) const;
  QIcon icon(const QString& words) const;

  Session& session_;
  const RunLooks& looks_;
  const Theme& theme_;
  std::vector<std::string> unfolded_;
};

}  // namespace ui
