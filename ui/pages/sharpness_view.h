// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <map>

#include "ui/pages/landscape_board.h"
#include "ui/pages/sharpness_figures.h"
#include "ui/pages/sharpness_model.h"

class QComboBox;
class QLabel;

namespace ui {

/// The newest sharpness of every run by its folder.
using SharpnessResults = std::map<std::string, std::shared_ptr<const analysis::SharpnessResult>>;

/// Sharpness of all runs: the rise of the loss over rho, the penalty's own error, the figures of every run and the measures of one. It computes nothing.
class SharpnessView : public QWidget {
  Q_OBJECT
 public:
  explicit SharpnessView(QWidget* parent = nullptr);
  void show(const std::vector<BoardRun>& runs, const SharpnessResults& results, const std::string& selected);
  void setColours(const ChartColours& charts);

  BandChart* rises() const { return rises_; }
  BandChart* penalty() const { return penalty_; }
  SharpnessModel* measures() const { return measures_; }
  SharpnessFiguresModel* figures() const { return figures_; }
  QComboBox* curve() const { return curve_; }

 private:
  QWidget* makeRises();
  QWidget* makePenalty();
  QWidget* makeTables();
  void fillChooser();
  void refreshCharts();

  std::vector<BoardRun> runs_;
  SharpnessResults results_;
  std::vector<SharpnessCurveKey> keys_;
  BandChart *rises_, *penalty_;
  SharpnessModel* measures_;
  SharpnessFiguresModel* figures_;
  QComboBox* curve_;
  QLabel *legend_, *note_, *penaltyNote_, *measuresTitle_;
};

}  // namespace ui
