// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analysis/spectrum/spectrum.h"
#include "ui/pages/measure_form.h"

namespace ui {

/// The form of the spectrum: which matrix, how many eigenvalues, density, trace, layers, over N; on which samples.
class SpectrumForm : public MeasureForm {
  Q_OBJECT
 public:
  explicit SpectrumForm(QWidget* parent = nullptr);
  analysis::SpectrumSpec spec(const std::string& folder) const;

 private:
  void addEigenvalues();
  void addDensityAndTrace();
  void refresh() override;
  QString refusal(const analysis::SpectrumSpec& spec) const;

  QComboBox *operator_, *scope_, *precondition_, *residual_, *trace_;
  QSpinBox *top_, *bottom_, *maxProducts_, *probes_, *steps_;
  QCheckBox *density_, *dimension_, *layers_, *overN_, *verify_;
  QDoubleSpinBox *traceError_, *dimensionAt_;
  QLabel *productsCost_, *moreCost_;
};

}  // namespace ui
