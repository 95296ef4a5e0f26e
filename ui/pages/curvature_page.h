// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "ui/pages/page.h"
#include "ui/pages/curvature_board.h"
#include "ui/pages/curvature_options.h"

namespace ui {

/// Joins CurvatureBoard and CurvatureOptions with the session and the workbench.
class CurvaturePage : public Page {
  Q_OBJECT
 public:
  explicit CurvaturePage(const Workspace& workspace, QObject* parent = nullptr);

  QString title() const override { return QStringLiteral("Curvature"); }
  QString icon() const override { return QStringLiteral("curvature"); }
  QString optionsTitle() const override { return QStringLiteral("Curvature"); }
  CurvatureBoard* board() const override { return board_; }
  CurvatureOptions* options() const override { return options_; }
  QJsonObject state() const override;
  void restoreState(const QJsonObject& state) override;

 private:
  /// What the buttons of a form do: for the selected run, and for all that can be measured.
  void offer(MeasureForm* form, const std::function<void(const std::string&)>& measure);
  void refresh();
  void recolour();

  Workspace workspace_;
  CurvatureBoard* board_;
  CurvatureOptions* options_;
};

}  // namespace ui
