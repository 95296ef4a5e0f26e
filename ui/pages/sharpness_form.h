// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/sharpness/sharpness.h"
#include "ui/pages/measure_form.h"

class QLineEdit;

namespace ui {

/// The form of the sharpness measures: kinds, norms and scales over a grid of rho, how hard to look, on which samples.
class SharpnessForm : public MeasureForm {
  Q_OBJECT
 public:
  explicit SharpnessForm(QWidget* parent = nullptr);
  analysis::SharpnessSpec spec(const std::string& folder) const;

 private:
  void addChoices();
  void addEffort();
  void refresh() override;
  void refreshCost(const analysis::SharpnessSpec& spec);

  QCheckBox *worst_, *oneStep_, *average_, *l2_, *linf_, *plain_, *adaptive_, *flatness_, *pacBayes_;
  QLineEdit* rho_;
  QSpinBox *group_, *iterations_, *restarts_, *draws_;
  QDoubleSpinBox* rise_;
  QLabel *gradientsCost_, *evaluationsCost_;
};

/// "0.05, 0.1 0.2" -> numbers. @throws std::invalid_argument for a word that is none.
std::vector<double> numbersIn(const QString& text);

}  // namespace ui
