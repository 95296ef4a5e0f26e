// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ui/models/spectrum_parts.h"
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
class SpectrumView;

/// Everything that is seen on the Curvature page: the spectrum of all runs, and the tables of one run. It computes nothing.
class CurvatureBoard : public QWidget {
  Q_OBJECT
 public:
  explicit CurvatureBoard(QWidget* parent = nullptr);

  void setRuns(const std::vector<BoardRun>& runs);
  void select(const std::string& folder);
  void setSpectrum(const std::string& folder, const SpectrumParts& parts);
  void setColours(const ChartColours& charts, const QColor& ok, const QColor& warning);

  std::shared_ptr<const analysis::SpectrumResult> exportable() const;  ///< of the run in the table
  EigenvalueChart* topChart() const;
  EigenvalueChart* bottomChart() const;
  EigenpairModel* table() const;
  SpectrumView* spectrum() const { return spectrum_; }

 signals:
  void selected(const std::string& folder);
  void measureRequested();
  void exportRequested();

 private:
  QWidget* makeToolBar();
  QWidget* makeEmpty();
  QComboBox* makeChooser();
  const BoardRun* chosen() const;
  void refresh();
  void refreshBadges();

  std::vector<BoardRun> runs_;
  std::map<std::string, SpectrumParts> parts_;
  SpectrumView* spectrum_;
  QComboBox* run_;
  QButtonGroup* scale_;
  QStackedLayout* body_;
  QToolButton* export_;
  QPushButton* measure_;
  QLabel *operatorBadge_, *policyBadge_, *samplesBadge_, *precisionBadge_, *lossBadge_, *emptySentence_;
};

}  // namespace ui
