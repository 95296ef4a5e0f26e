// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "trainer/run/run_spec.h"

class QButtonGroup;
class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace ui {

/// The form of a run: data and model, optimizer, sharpness, schedule. Only what the method uses is enabled. Below it what a step costs, the command and the
/// button. An invalid field says so in a sentence and keeps the button off.
class RunForm : public QWidget {
  Q_OBJECT
 public:
  explicit RunForm(QWidget* parent = nullptr);

  trainer::RunSpec spec() const;
  /// Takes a run's settings over.
  void setSpec(const trainer::RunSpec& spec);
  QString problem() const { return problem_; }
  QString command() const;

 signals:
  void trainRequested();

 private:
  QWidget* makeFields();
  void addData(QFormLayout* form);
  void addOptimizer(QFormLayout* form);
  void addSharpness(QFormLayout* form);
  void addSchedule(QFormLayout* form);
  void addBottom(QVBoxLayout* column);
  void chooseFolder();
  void reset();  ///< the defaults of a fourth run beside the example: SAM with rho 0.2 on the digits
  void refresh();

  QComboBox *data_, *model_, *schedule_, *precision_, *device_;
  QLineEdit* folder_;
  QWidget* folderRow_;
  QDoubleSpinBox *rate_, *momentum_, *weightDecay_, *clip_, *rho_, *alpha_;
  QCheckBox* nesterov_;
  QSpinBox *batch_, *epochs_, *seed_;
  QButtonGroup* sharpness_;
  QLabel *lambda_, *cost_, *problemLabel_;
  QPlainTextEdit* command_;
  QPushButton *train_, *reset_;
  QString problem_;
};

}  // namespace ui
