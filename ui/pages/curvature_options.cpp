// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/curvature_options.h"

namespace ui {

CurvatureOptions::CurvatureOptions(QWidget* parent) : QStackedWidget(parent), spectrum_(new SpectrumForm) { addWidget(spectrum_); }

void CurvatureOptions::setRun(const std::string& folder) { spectrum_->setRun(folder); }

}  // namespace ui
