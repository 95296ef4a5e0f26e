// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ui/pages/page.h"
#include "ui/pages/landscape_board.h"
#include "ui/pages/landscape_explorer.h"
#include "ui/pages/landscape_options.h"

namespace ui {

/// Joins LandscapeBoard and LandscapeOptions with the session and the workbench.
class LandscapePage : public Page {
  Q_OBJECT
 public:
  explicit LandscapePage(const Workspace& workspace, QObject* parent = nullptr);

  QString title() const override { return QStringLiteral("Landscape"); }
  QString icon() const override { return QStringLiteral("landscape"); }
  QString optionsTitle() const override { return QStringLiteral("Axes and sampling"); }
  LandscapeBoard* board() const override { return board_; }
  LandscapeOptions* options() const override { return options_; }
  LandscapeExplorer* explorer() const { return explorer_; }
  QJsonObject state() const override;
  void restoreState(const QJsonObject& state) override;

 private:
  /// What the board already has of a run.
  struct Shown {
    std::shared_ptr<const void> surface, slice;
    std::size_t results = 0;
  };
  void join();
  void refresh();
  void refreshJobs();
  void recolour();
  void compute(const std::string& folder);
  void computeAll();

  std::map<std::string, Shown> shown_;
  std::vector<std::pair<QString, std::string>> others_;  ///< that an axis can point toward
  Workspace workspace_;
  LandscapeBoard* board_;
  LandscapeOptions* options_;
  LandscapeExplorer* explorer_;
};

}  // namespace ui
