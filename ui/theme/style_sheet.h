// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPalette>
#include <QString>

#include "ui/theme/tokens.h"

namespace ui {

/// The style sheet of the application. Widgets opt into a look by property (polish again after changing one):
///
/// - role, QLabel: badge, badgeWarning, badgeOk, badgeError, badgeInfo (18 high); title, second, hint, error
/// - role, QFrame: card ([active="true"]: accent border), cardHeader, cardFooter, panel, details (below a list)
/// - role, others: segment (QToolButton in a joined row), switcher (QTabBar), command (QPlainTextEdit)
/// - primary="true": the filled button of a page; invalid="true": an input with the error border
/// - QToolButton is flat where autoRaise is on, as in every tool bar, and a button elsewhere
QString styleSheetOf(const Tokens& tokens);

QPalette paletteOf(const Tokens& tokens);

}  // namespace ui
