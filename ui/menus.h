// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include "ui/theme/tokens.h"

class QDockWidget;
class QMainWindow;

namespace ui {

/// What the menus do.
struct MenuActions {
  std::function<void()> openRun, trainNewRun, measure, sample, cancelAll, trainExample;
  std::function<void(ThemeKind)> setTheme;
  std::function<void(int)> showPage;
  std::function<void()> about;
};

/// File, View, Run, Analysis, Help. `docks` get a check mark each under View.
void fillMenuBar(QMainWindow& window, const MenuActions& actions, const std::vector<QDockWidget*>& docks, ThemeKind theme);

}  // namespace ui
