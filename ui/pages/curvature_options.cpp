// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/curvature_options.h"

namespace ui {

CurvatureOptions::CurvatureOptions(QWidget* parent)
    : QStackedWidget(parent), spectrum_(new SpectrumForm), sharpness_(new SharpnessForm), invariance_(new InvarianceForm) {
  addWidget(spectrum_);
  addWidget(sharpness_);
  addWidget(invariance_);
}

MeasureForm* CurvatureOptions::current() const { return static_cast<MeasureForm*>(currentWidget()); }

void CurvatureOptions::setRun(const std::string& folder) {
  spectrum_->setRun(folder);
  sharpness_->setRun(folder);
  invariance_->setRun(folder);
}

}  // namespace ui
