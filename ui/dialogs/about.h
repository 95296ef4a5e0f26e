// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QWidget;

namespace ui {

/// Version, libraries, licence and credits.
void showAbout(QWidget* parent);

}  // namespace ui
