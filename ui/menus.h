// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include "ui/theme/theme.h"

class QDockWidget;
class QMainWindow;
class QMenu;

namespace ui {

class SessionActions;

/// What the menus do.
struct MenuActions {
  std::function<void()> openRun, openFile, trainNewRun, measure, sample, cancelAll, trainExample;
  std::function<void(int)> showPage;
  std::function<void(QMenu*)> addPlans;
  std::function<void()> startHere, shortcuts, about;
};

/// File, View, Run, Analysis, Help. `docks` get a check mark each under View.
void fillMenuBar(QMainWindow& window, const MenuActions& actions, SessionActions& session, const std::vector<QDockWidget*>& docks, Theme& theme);

}  // namespace ui
