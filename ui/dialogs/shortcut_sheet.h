// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequence>
#include <QString>
#include <vector>

class QDialog;
class QMainWindow;
class QWidget;

namespace ui {

/// A key of the window, as its action says it.
struct ShortcutEntry {
  QString group;  ///< menu, or the part of the window it belongs to
  QString words, toolTip;
  QKeySequence keys;
};

/// All keys of all actions below `window`, in the order of the menus, then of the pages. There is no other list of them.
std::vector<ShortcutEntry> shortcutsOf(const QWidget& window);

/// The sheet, with a search above it; stays open beside the window.
QDialog* showShortcuts(QMainWindow& window);

}  // namespace ui
