// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "analysis/export/result_file.h"

class QString;
class QWidget;

namespace ui {

class Workbench;

/// Asks for a file name and has the result written there in the format of its ending.
void saveResult(QWidget* parent, Workbench& workbench, const analysis::Result& result, const QString& suggestion);

}  // namespace ui
