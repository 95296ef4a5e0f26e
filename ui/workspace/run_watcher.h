// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFileSystemWatcher>
#include <QObject>
#include <QSet>
#include <QTimer>

#include "ui/workspace/workbench.h"

namespace ui {

/// Follows what changes on the disk behind the session's back: runs that another program trains, files that grow, folders that are moved away. Reads nothing itself: it asks the workbench to,
/// at most once a second.
class RunWatcher : public QObject {
  Q_OBJECT
 public:
  RunWatcher(Session& session, Workbench& workbench, QObject* parent = nullptr);

 private:
  void watch();
  void noteChange(const QString& path);
  void reread();

  Session& session_;
  Workbench& workbench_;
  QFileSystemWatcher watcher_;
  QTimer soon_, later_;  ///< watches again after a change of the list; reads again after a change on the disk
  QSet<QString> changed_;
};

}  // namespace ui
