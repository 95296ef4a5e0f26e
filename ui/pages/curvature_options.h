// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <string>

#include "analysis/spectrum/spectrum.h"

class QComboBox;
class QFormLayout;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;

namespace ui {

/// The form of the Curvature page: how many eigenvalues, how good, on which samples; the command and the buttons.
class CurvatureOptions : public QWidget {
  Q_OBJECT
 public:
  explicit CurvatureOptions(QWidget* parent = nullptr);

  /// The run that `measure` would be about; empty: none, the buttons are off.
  void setRun(const std::string& folder);
  analysis::SpectrumSpec spec(const std::string& folder) const;
  QString command() const;
  QString problem() const { return problem_; }

 signals:
  void measureRequested();
  void measureAllRequested();

 private:
  void addNumbers(QFormLayout* form);
  void refresh();

  QSpinBox *top_, *bottom_, *maxProducts_;
  QComboBox *residual_, *samples_, *precision_;
  QLabel *productsCost_, *problemLabel_;
  QPlainTextEdit* command_;
  QPushButton *measure_, *measureAll_;
  std::string folder_;
  QString problem_;
};

}  // namespace ui
