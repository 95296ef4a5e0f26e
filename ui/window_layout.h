// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>

#include "ui/theme/theme.h"

class QMainWindow;

namespace ui {

/// Size, docks and theme of a window, for the session file.
QJsonObject windowLayout(const QMainWindow& window, ThemeKind theme);
/// What is in `state`, as far as it is understood; a size only as far as it fits on the screen.
void restoreWindow(const QJsonObject& state, QMainWindow& window, Theme& theme);

/// "dark", "light", "paper", and back (dark where it is none).
QString themeWord(ThemeKind kind);
ThemeKind themeOf(const QString& word);

}  // namespace ui
