// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QWidget;

namespace ui {

/// Gives each control below `root` that has none an accessible name and a tool tip from what is written beside it: the label of its form row, else the words of its own tool tip up to the
/// first stop; a table has the title of its card; a part of a composite field has the tip of the whole. What is set by hand stays.
void nameControls(QWidget& root);

}  // namespace ui
