// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QSettings>
#include <filesystem>

#include "ui/workspace/session_store.h"

class QMenu;
class QWidget;

namespace ui {

/// New, Open, Save, Save as, Recent sessions and Close of the File menu, with their dialogs. Nothing here asks whether to save: see SessionStore.
class SessionActions : public QObject {
  Q_OBJECT
 public:
  SessionActions(SessionStore& store, QSettings& settings, QWidget* window);

  void fill(QMenu* file);
  void openDialog();
  void save();
  void saveAsDialog();
  QStringList recent() const;

 private:
  void remember(const QString& file);
  void fillRecent(QMenu* menu);
  QString folder() const;

  SessionStore& store_;
  QSettings& settings_;
  QWidget* window_;
};

/// Title of the window: the session's name, and "[*]" where Qt puts the mark of what is not saved.
QString sessionTitle(const SessionStore& store);

}  // namespace ui
