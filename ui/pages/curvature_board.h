// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ui/pages/landscape_board.h"

class QButtonGroup;
class QComboBox;
class QLabel;
class QPushButton;
class QStackedLayout;
class QToolButton;

namespace ui {

class EigenpairModel;
class EigenvalueChart;

/// Everything that is seen on the Curvature page: eigenvalues at both ends for all runs, and the table of one run. It computes nothing.
class CurvatureBoard : public QWidget {
  Q_OBJECT
 public:
  explicit CurvatureBoard(QWidget* parent = nullptr);

  void setRuns(const std::vector<BoardRun>& runs);
  void select(const std::string& folder);
  void setSpectrum(const std::string& folder, std::shared_ptr<const analysis::SpectrumResult> result);
  void setColours(const ChartColours& charts, const QColor& ok, const QColor& warning);

  std::shared_ptr<const analysis::SpectrumResult> exportable() const;  ///< of the run in the table
  EigenvalueChart* topChart() const { return top_; }
  EigenvalueChart* bottomChart() const { return bottom_; }
  EigenpairModel* table() const { return model_; }

 signals:
  void selected(const std::string& folder);
  void measureRequested();
  void exportRequested();

 private:
  QWidget* makeToolBar();
  QWidget* makeCharts();
  QWidget* makeTable();
  QWidget* makeEmpty();
  void refresh();
  void refreshTable();

  std::vector<BoardRun> runs_;
  std::map<std::string, std::shared_ptr<const analysis::SpectrumResult>> results_;
  EigenvalueChart *top_, *bottom_;
  EigenpairModel* model_;
  QComboBox* run_;
  QButtonGroup* scale_;
  QStackedLayout* body_;
  QToolButton* export_;
  QPushButton* measure_;
  QLabel *policyBadge_, *samplesBadge_, *precisionBadge_, *legend_, *note_, *summary_, *emptySentence_;
};

}  // namespace ui
