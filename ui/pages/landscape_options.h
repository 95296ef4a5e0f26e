// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <cstdint>
#include <string>

#include "analysis/comparison/matched_planes.h"
#include "analysis/surface/preview_axes.h"
#include "ui/pages/axis_picker.h"
#include "ui/pages/axis_units.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;
class QTimer;
class QVBoxLayout;

namespace ui {

/// The form "Axes and sampling" of the Landscape page: directions, ranges, grid, samples, numbers; below it the cost before running, the command and
/// the buttons. Nothing here computes: it asks for a preview of the axes when they have stood still for a moment. An invalid field says so in a sentence and
/// keeps Compute off.
class LandscapeOptions : public QWidget {
  Q_OBJECT
 public:
  explicit LandscapeOptions(QWidget* parent = nullptr);

  /// The run that `compute` would be about; empty: none, the buttons are off. `trainSamples` 0 while unknown.
  void setRun(const std::string& folder, std::int64_t trainSamples, std::int64_t testSamples);
  /// What the form says, for a run folder.
  analysis::SurfaceSpec spec(const std::string& folder) const;
  /// The other runs that an axis can point toward, by name and folder.
  void setOthers(const std::vector<std::pair<QString, std::string>>& others);
  /// Norms, cosine and time of the axes that `spec` asks for; nothing happens when the form says something else by now.
  void showPreview(const analysis::SurfaceSpec& spec, const analysis::AxesPreview& preview);
  void showPreviewFailure(const analysis::SurfaceSpec& spec, const QString& sentence);
  /// The visible runs that can be measured, by name and folder, and what they are compared with: for planes that belong together.
  void setRuns(const std::vector<std::pair<QString, std::string>>& runs, const std::string& baseline);
  std::string mode() const;  ///< A own axes, B the same vectors, C one plane: the words of matched_planes.h
  /// The surfaces of all runs in this mode, in the order in which they have to be sampled. @throws std::invalid_argument  where they cannot be matched
  analysis::MatchedPlanes planes() const;
  AxisUnits units() const;  ///< of the ticks; the data stay
  void setUnits(const AxisUnits& units);
  QString command() const;
  QString problem() const { return problem_; }  ///< empty while everything is valid

 signals:
  void computeRequested();     ///< for the selected run
  void computeAllRequested();  ///< for every visible run, the same spec
  void unitsChanged();
  void modeChanged();
  void previewRequested();     ///< of spec(run): what was shown is out of date

 private:
  void addGridAndNumbers(QFormLayout* form);
  void addMode(QFormLayout* form);
  QString commands(const analysis::SurfaceSpec& wanted) const;
  void addUnits(QFormLayout* form);
  void addCost(QVBoxLayout* column);
  void refresh();
  void refreshCost(const analysis::SurfaceSpec& spec);

  AxisPicker *x_, *y_;
  QComboBox *size_, *points_, *samples_, *policy_, *oneD_, *precision_;
  QComboBox *mode_, *xUnit_, *yUnit_;
  QLabel* modeHint_;
  std::vector<std::pair<QString, std::string>> runs_;
  std::string baseline_;
  QDoubleSpinBox* rise_;
  QCheckBox *gradientNorm_, *lambdaMax_, *samMax_, *generalisation_;
  QSpinBox* seed_;
  QCheckBox *orthogonalise_, *trajectory_, *fitRange_;
  QLabel *pointsCost_, *passesCost_, *firstCost_, *cosineCost_, *timeCost_, *problemLabel_;
  QPlainTextEdit* command_;
  QPushButton *compute_, *computeAll_;
  std::string folder_;
  std::int64_t trainSamples_ = 0, testSamples_ = 0;
  QString problem_;
  QTimer* still_;                      ///< runs out when the fields have stood still
  analysis::SurfaceSpec asked_;        ///< what the last preview was wanted for
};

}  // namespace ui
