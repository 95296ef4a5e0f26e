// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/invariance/invariance.h"
#include "ui/pages/measure_form.h"

class QSlider;

namespace ui {

/// The form of the invariance lab: which transformation, how strong, on which samples; or another run that should be the same function.
class InvarianceForm : public MeasureForm {
  Q_OBJECT
 public:
  explicit InvarianceForm(QWidget* parent = nullptr);
  analysis::InvarianceSpec spec(const std::string& folder) const;
  /// The other runs of the session, by name and folder.
  void setOthers(const std::vector<std::pair<QString, std::string>>& others);
  double strength() const;
  double share() const;

 private:
  void refresh() override;
  QComboBox *transform_, *other_;
  QSlider *strength_, *share_;
  QSpinBox *seed_, *draws_, *iterations_;
  QLabel *strengthValue_, *shareValue_, *productsCost_, *evaluationsCost_;
  std::vector<std::pair<QString, std::string>> others_;
};

}  // namespace ui
