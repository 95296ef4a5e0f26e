// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QObject>
#include <QString>

class QWidget;

namespace ui {

class JobQueue;
class RunLooks;
class Session;
class Theme;
class Workbench;

/// What the pages work with; all outlive them.
struct Workspace {
  Session& session;
  Workbench& workbench;
  JobQueue& jobs;
  const Theme& theme;
  const RunLooks& looks;
};

/// One page of the window: what is seen in the centre (board) and at the right (options), joined with the session. The window owns both widgets.
class Page : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;
  virtual QString title() const = 0;
  virtual QString icon() const = 0;
  virtual QString optionsTitle() const = 0;
  virtual QWidget* board() const = 0;
  virtual QWidget* options() const = 0;  ///< nullptr: the page has no form, the dock is hidden while it is in front
  /// What the page shows and how, for the session file: std types of json only, runs by their folder. What `restoreState` does not know or cannot find is left as it is.
  virtual QJsonObject state() const { return {}; }
  virtual void restoreState(const QJsonObject&) {}
};

}  // namespace ui
