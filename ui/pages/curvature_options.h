// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStackedWidget>

#include "ui/pages/invariance_form.h"
#include "ui/pages/sharpness_form.h"
#include "ui/pages/spectrum_form.h"

namespace ui {

/// The forms of the Curvature page, one for each of its views.
class CurvatureOptions : public QStackedWidget {
  Q_OBJECT
 public:
  explicit CurvatureOptions(QWidget* parent = nullptr);

  SpectrumForm* spectrum() const { return spectrum_; }
  SharpnessForm* sharpness() const { return sharpness_; }
  InvarianceForm* invariance() const { return invariance_; }
  MeasureForm* current() const;
  /// The run that all forms would measure; empty: none.
  void setRun(const std::string& folder);

 private:
  SpectrumForm* spectrum_;
  SharpnessForm* sharpness_;
  InvarianceForm* invariance_;
};

}  // namespace ui
