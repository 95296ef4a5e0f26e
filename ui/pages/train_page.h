// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/run_form.h"
#include "ui/pages/page.h"
#include "ui/pages/train_board.h"

namespace ui {

/// Joins TrainBoard and RunForm with the session and the workbench.
class TrainPage : public Page {
  Q_OBJECT
 public:
  explicit TrainPage(const Workspace& workspace, QObject* parent = nullptr);

  QString title() const override { return QStringLiteral("Train"); }
  QString icon() const override { return QStringLiteral("train"); }
  QString optionsTitle() const override { return QStringLiteral("Run"); }
  TrainBoard* board() const override { return board_; }
  RunForm* options() const override { return options_; }
  QJsonObject state() const override;
  void restoreState(const QJsonObject& state) override;

 private:
  void joinToolBar();
  void refresh();
  TrainStatus status() const;

  Workspace workspace_;
  TrainBoard* board_;
  RunForm* options_;
};

}  // namespace ui
