// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <cstdint>
#include <string>

#include "analysis/surface/surface_grid.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace ui {

/// The form "Axes and sampling" of the Landscape page: directions, ranges, grid, samples, numbers; below it the cost before running, the command and
/// the buttons. Nothing here computes; an invalid field says so in a sentence and keeps Compute off.
class LandscapeOptions : public QWidget {
  Q_OBJECT
 public:
  explicit LandscapeOptions(QWidget* parent = nullptr);

  /// The run that `compute` would be about; empty: none, the buttons are off. `trainSamples` 0 while unknown.
  void setRun(const std::string& folder, std::int64_t trainSamples, std::int64_t testSamples);
  /// What the form says, for a run folder.
  analysis::SurfaceSpec spec(const std::string& folder) const;
  QString command() const;
  QString problem() const { return problem_; }  ///< empty while everything is valid

 signals:
  void computeRequested();     ///< for the selected run
  void computeAllRequested();  ///< for every visible run, the same spec

 private:
  struct AxisFields {
    QComboBox* kind;
    QSpinBox* index;
    QLabel* hint;
    QDoubleSpinBox *from, *to;
  };
  AxisFields addAxis(QFormLayout* form, const QString& name, bool optional);
  void addGridAndNumbers(QFormLayout* form);
  void addCost(QVBoxLayout* column);
  analysis::AxisSpec axisSpec(const AxisFields& fields) const;
  void refresh();
  void refreshCost(const analysis::SurfaceSpec& spec);

  AxisFields x_{}, y_{};
  QComboBox *size_, *samples_, *normalise_, *oneD_, *precision_;
  QSpinBox* seed_;
  QCheckBox* orthogonalise_;
  QLabel *pointsCost_, *passesCost_, *firstCost_, *problemLabel_;
  QPlainTextEdit* command_;
  QPushButton *compute_, *computeAll_;
  std::string folder_;
  std::int64_t trainSamples_ = 0, testSamples_ = 0;
  QString problem_;
};

}  // namespace ui
