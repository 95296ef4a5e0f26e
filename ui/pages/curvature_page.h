// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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
  QString optionsTitle() const override { return QStringLiteral("Eigenvalues"); }
  CurvatureBoard* board() const override { return board_; }
  CurvatureOptions* options() const override { return options_; }

 private:
  void refresh();
  void recolour();

  Workspace workspace_;
  CurvatureBoard* board_;
  CurvatureOptions* options_;
};

}  // namespace ui
