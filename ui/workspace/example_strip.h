// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "ui/theme/theme.h"
#include "ui/workspace/workbench.h"

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace ui {

/// What the built-in example is doing, above the pages while it runs: training, eigenvalues, surfaces, and a button to stop.
class ExampleStrip : public QFrame {
  Q_OBJECT
 public:
  ExampleStrip(const Session& session, Workbench& workbench, const Theme& theme, QWidget* parent = nullptr);

 private:
  struct Stage {
    QLabel *icon, *title, *note;
  };
  Stage addStage(QHBoxLayout* row, const QString& title);
  void refresh();

  const Session& session_;
  Workbench& workbench_;
  const Theme& theme_;
  Stage training_, eigenvalues_, surfaces_;
};

}  // namespace ui
