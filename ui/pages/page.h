// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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
  virtual QWidget* options() const = 0;
};

}  // namespace ui
