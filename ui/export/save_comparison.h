// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/export/result_file.h"

class QWidget;

namespace ui {

class Workbench;

/// Asks for a file name and has the comparison written there: CSV, Markdown, LaTeX, JSON, or a figure.
void saveComparison(QWidget* parent, Workbench& workbench, const analysis::ComparisonResult& result);

}  // namespace ui
